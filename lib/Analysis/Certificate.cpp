//===- Certificate.cpp - A proof of deadlock freedom that others can check ----------------------------------------===//

#include "flux/Analysis/Certificate.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace flux;
namespace json = llvm::json;

/// Raised with every change that a reader could stumble over.
static constexpr int version = 1;

namespace {

class CertificateWriter {
public:
  CertificateWriter(const LockContexts &contexts, llvm::raw_ostream &output) : contexts(contexts), json(output) {}

  void write(ArrayRef<unsigned> order);

private:
  void writeContext(const LockContext &context);
  void writeLocks(StringRef key, ArrayRef<HeldLock> locks);
  void writeFlows();
  void writeRegions(Block &block, unsigned context);

  const LockContexts &contexts;
  json::OStream json;
};

} // namespace

void flux::writeCertificate(const LockContexts &contexts, ArrayRef<unsigned> order, llvm::raw_ostream &output) {
  CertificateWriter(contexts, output).write(order);
  output << '\n';
}

void CertificateWriter::write(ArrayRef<unsigned> order) {
  json.object([&] {
    json.attribute("version", version);
    json.attributeObject("ranks", [&] {
      for (auto [rank, lock] : llvm::enumerate(order))
        json.attribute(contexts.name(lock), rank);
    });
    json.attributeArray("contexts", [&] {
      for (unsigned id = 0; id != contexts.numContexts(); ++id)
        writeContext(contexts.context(id));
    });
    json.attributeArray("flows", [&] { writeFlows(); });
    json.attributeArray("idle", [&] {
      for (unsigned handler : contexts.idleHandlers())
        json.value(handler);
    });
  });
}

void CertificateWriter::writeContext(const LockContext &context) {
  json.object([&] {
    writeLocks("may", context.may);
    writeLocks("must", context.must);
    json.attributeArray("reading", [&] {
      for (unsigned lock : context.reading)
        json.value(contexts.name(lock));
    });
  });
}

void CertificateWriter::writeLocks(StringRef key, ArrayRef<HeldLock> locks) {
  json.attributeObject(key, [&] {
    for (HeldLock held : locks)
      json.attribute(contexts.name(held.lock), stringifyLockMode(held.mode));
  });
}

void CertificateWriter::writeFlows() {
  const FlowGraph &graph = contexts.flowGraph();
  for (auto [index, flow] : llvm::enumerate(graph.topologicalOrder()))
    json.object([&, index = index, flow = flow] {
      FlowOp op = graph.flows()[flow];
      json.attribute("name", op.getSymName());
      json.attribute("index", index);
      json.attributeArray("entered", [&] {
        for (unsigned context : contexts.entriesOf(flow))
          json.value(context);
      });
      json.attributeArray("regions", [&] {
        for (unsigned context : contexts.entriesOf(flow))
          json.array([&] { writeRegions(op.getBody().front(), context); });
      });
    });
}

/// The contexts around all regions of a block, in textual order.
void CertificateWriter::writeRegions(Block &block, unsigned context) {
  for (Operation &op : block) {
    if (auto region = dyn_cast<ConstrainedOp>(op)) {
      json.value(context);
      if (std::optional<unsigned> inside = contexts.inside(context, region.getHolds()))
        writeRegions(region.getBody().front(), *inside);
    } else if (auto dispatch = dyn_cast<DispatchOp>(op)) {
      for (Region &body : dispatch.getCases())
        writeRegions(body.front(), context);
    }
  }
}
