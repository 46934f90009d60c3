//===- Json.cpp - A program as JSON, for other tools --------------------------------------------------------------===//

#include "flux/Target/Json.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace flux;
namespace json = llvm::json;

/// Raised with every change that a reader could stumble over.
static constexpr int version = 1;

namespace {

class JsonWriter {
public:
  explicit JsonWriter(llvm::raw_ostream &output) : json(output, /*IndentSize=*/1) {}

  void write(ModuleOp program);

private:
  void write(LockOp lock);
  void write(PredicateOp predicate);
  void write(NodeOp node);
  void write(FlowOp flow);
  void write(SourceOp source);
  void write(HandlerOp handler);
  void write(CallOp call);
  void write(ConstrainedOp region);
  void write(DispatchOp dispatch);

  template <typename OpTy> void writeAll(StringRef key, ModuleOp program);
  void writeObject(Operation *op, llvm::function_ref<void()> contents);
  void writeSignature(FunctionType type, ArrayAttr inputNames, ArrayAttr outputNames);
  void writeFields(StringRef key, TypeRange types, ArrayAttr names);
  void writeBody(Block &block);
  void writeHolds(ArrayAttr holds);
  void writeNames(ArrayAttr elements);

  json::OStream json;
};

} // namespace

LogicalResult flux::writeJson(ModuleOp program, llvm::raw_ostream &output) {
  JsonWriter(output).write(program);
  output << '\n';
  return success();
}

void JsonWriter::write(ModuleOp program) {
  json.object([&] {
    json.attribute("version", version);
    json.attributeArray("includes", [&] {
      for (IncludeOp include : program.getOps<IncludeOp>())
        json.value(include.getHeader());
    });
    writeAll<LockOp>("locks", program);
    writeAll<PredicateOp>("predicates", program);
    writeAll<NodeOp>("nodes", program);
    writeAll<FlowOp>("flows", program);
    writeAll<SourceOp>("sources", program);
    writeAll<HandlerOp>("handlers", program);
  });
}

template <typename OpTy> void JsonWriter::writeAll(StringRef key, ModuleOp program) {
  json.attributeArray(key, [&] {
    for (OpTy op : program.getOps<OpTy>())
      writeObject(op, [&] { write(op); });
  });
}

/// An object that ends with the place of `op` in its file.
void JsonWriter::writeObject(Operation *op, llvm::function_ref<void()> contents) {
  json.object([&] {
    contents();
    if (auto place = op->getLoc()->findInstanceOf<FileLineColLoc>())
      json.attributeObject("location", [&] {
        json.attribute("file", place.getFilename().getValue());
        json.attribute("line", place.getLine());
        json.attribute("column", place.getColumn());
      });
  });
}

//===-------------------------------------------------------------------------------------------------------------===//
// Declarations
//===-------------------------------------------------------------------------------------------------------------===//

void JsonWriter::write(LockOp lock) {
  json.attribute("name", lock.getSymName());
  json.attribute("scope", stringifyLockScope(lock.getScope()));
  std::optional<uint32_t> rank = lock.getRank();
  json.attribute("rank", rank ? json::Value(*rank) : json::Value(nullptr));
}

void JsonWriter::write(PredicateOp predicate) {
  json.attribute("name", predicate.getSymName());
  json.attribute("function", predicate.getFunction());
}

void JsonWriter::write(NodeOp node) {
  json.attribute("name", node.getSymName());
  json.attribute("blocking", stringifyBlocking(node.getBlocking()));
  writeSignature(node.getFunctionType(), node.getInputNames(), node.getOutputNames());
}

void JsonWriter::write(FlowOp flow) {
  json.attribute("name", flow.getSymName());
  writeSignature(flow.getFunctionType(), flow.getInputNames(), flow.getOutputNames());
  writeBody(flow.getBody().front());
}

void JsonWriter::write(SourceOp source) {
  json.attribute("function", source.getFunction());
  json.attribute("target", source.getTarget());
  std::optional<StringRef> session = source.getSession();
  json.attribute("session", session ? json::Value(*session) : json::Value(nullptr));
}

void JsonWriter::write(HandlerOp handler) {
  json.attribute("function", handler.getFunction());
  json.attributeArray("path", [&] { writeNames(handler.getPath()); });
  writeHolds(handler.getHolds());
}

//===-------------------------------------------------------------------------------------------------------------===//
// Steps of a flow
//===-------------------------------------------------------------------------------------------------------------===//

void JsonWriter::write(CallOp call) {
  json.attribute("kind", "call");
  json.attribute("callee", call.getCallee());
}

void JsonWriter::write(ConstrainedOp region) {
  json.attribute("kind", "constrained");
  writeHolds(region.getHolds());
  writeBody(region.getBody().front());
}

void JsonWriter::write(DispatchOp dispatch) {
  json.attribute("kind", "dispatch");
  json.attributeArray("cases", [&] {
    for (auto [pattern, body] : llvm::zip(dispatch.getPatterns().getAsRange<ArrayAttr>(), dispatch.getCases()))
      json.object([&, pattern = pattern, &body = body] {
        json.attributeArray("pattern", [&] { writeNames(pattern); });
        writeBody(body.front());
      });
  });
}

void JsonWriter::writeBody(Block &block) {
  json.attributeArray("body", [&] {
    for (Operation &op : block) {
      if (auto call = dyn_cast<CallOp>(op))
        writeObject(call, [&] { write(call); });
      else if (auto region = dyn_cast<ConstrainedOp>(op))
        writeObject(region, [&] { write(region); });
      else if (auto dispatch = dyn_cast<DispatchOp>(op))
        writeObject(dispatch, [&] { write(dispatch); });
    }
  });
}

//===-------------------------------------------------------------------------------------------------------------===//
// Parts
//===-------------------------------------------------------------------------------------------------------------===//

void JsonWriter::writeSignature(FunctionType type, ArrayAttr inputNames, ArrayAttr outputNames) {
  writeFields("inputs", type.getInputs(), inputNames);
  writeFields("outputs", type.getResults(), outputNames);
}

void JsonWriter::writeFields(StringRef key, TypeRange types, ArrayAttr names) {
  json.attributeArray(key, [&] {
    for (auto [type, name] : llvm::zip(types, names.getAsRange<StringAttr>()))
      json.object([&, type = cast<CType>(type), name = name] {
        json.attribute("name", name.getValue());
        json.attribute("type", type.getSpelling());
        json.attribute("size", type.getSize());
        json.attribute("align", type.getAlign());
      });
  });
}

void JsonWriter::writeHolds(ArrayAttr holds) {
  json.attributeArray("holds", [&] {
    for (HoldAttr hold : holds.getAsRange<HoldAttr>())
      json.object([&] {
        json.attribute("lock", hold.getLock().getValue());
        json.attribute("mode", stringifyLockMode(hold.getMode()));
      });
  });
}

/// Symbols by name; anything else is the wildcard of a pattern.
void JsonWriter::writeNames(ArrayAttr elements) {
  for (Attribute element : elements) {
    auto name = dyn_cast<FlatSymbolRefAttr>(element);
    json.value(name ? name.getValue() : "_");
  }
}
