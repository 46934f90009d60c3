//===- Certificate.cpp - A proof of deadlock freedom that others can check ----------------------------------------===//

#include "flux/Analysis/Certificate.h"
#include "flux/Analysis/Deadlock.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace flux;
namespace json = llvm::json;

/// Raised with every change that a reader could stumble over.
static constexpr int version = 2;

namespace {

class CertificateWriter {
public:
  CertificateWriter(const LockContexts &contexts, llvm::raw_ostream &output) : contexts(contexts), json(output) {}

  void write(ArrayRef<unsigned> order);

private:
  void writeContext(const LockContext &context);
  void writeLocks(StringRef key, const HeldLocks &locks);
  void writeFlows();
  void writeRegions(Block &block, unsigned context);
  void writeElimination(const Elimination &step);
  void writeWanted(HeldLock wanted);
  void writeWaits(StringRef key, ArrayRef<HeldLock> wanted);

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
    json.attributeArray("eliminations", [&] {
      for (const Elimination &step : findEliminations(contexts, order))
        writeElimination(step);
    });
  });
}

void CertificateWriter::writeContext(const LockContext &context) {
  json.object([&] {
    writeLocks("may", context.may);
    writeLocks("must", context.must);
    json.attributeArray("reading", [&] {
      for (HeldLock held : context.reading)
        json.value(contexts.name(held.lock));
    });
  });
}

void CertificateWriter::writeLocks(StringRef key, const HeldLocks &locks) {
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

void CertificateWriter::writeElimination(const Elimination &step) {
  json.object([&] {
    json.attributeObject("point", [&] {
      writeLocks("may", step.point.may);
      writeLocks("must", step.point.must);
      writeWanted(step.point.wanted);
    });
    writeWaits("own", step.own);
    writeWaits("other", step.other);
    writeWaits("shared", step.shared);
  });
}

void CertificateWriter::writeWaits(StringRef key, ArrayRef<HeldLock> wanted) {
  json.attributeArray(key, [&] {
    for (HeldLock lock : wanted)
      json.object([&] { writeWanted(lock); });
  });
}

void CertificateWriter::writeWanted(HeldLock wanted) {
  json.attribute("lock", contexts.name(wanted.lock));
  json.attribute("mode", stringifyLockMode(wanted.mode));
}
