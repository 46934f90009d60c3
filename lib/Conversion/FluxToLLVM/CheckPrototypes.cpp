//===- CheckPrototypes.cpp - Each C function is used with one prototype -----------------------------------------===//
//
// The front end sees to it for .flux files; IR from elsewhere may name one C function as two different things, which
// would be calls that do not fit their callee.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Lowering.h"

using namespace mlir;
using namespace flux;

namespace {

class PrototypeChecker {
public:
  explicit PrototypeChecker(Lowering &lowering) : lowering(lowering), types(lowering.types) {}

  LogicalResult run();

private:
  LogicalResult checkDispatches();
  LogicalResult use(StringRef function, Type prototype, Operation *user);
  /// `result f(input *, more...)`; an empty input drops its parameter.
  Type prototype(Type result, TypeRange input, ArrayRef<Type> more = {}) const;

  Lowering &lowering;
  const LLVMTypes &types;
  llvm::StringMap<std::pair<Type, Operation *>> uses;
};

} // namespace

LogicalResult flux::checkPrototypes(Lowering &lowering) { return PrototypeChecker(lowering).run(); }

LogicalResult PrototypeChecker::run() {
  auto inputsOf = [&](FlatSymbolRefAttr function) {
    return signatureOf(lowering.functions.find(function.getValue())->second).getInputs();
  };
  for (Operation &op : lowering.program.getOps()) {
    LogicalResult result = success();
    if (auto node = dyn_cast<NodeOp>(op)) {
      SmallVector<Type> output(node.getFunctionType().getNumResults() != 0, types.ptr);
      result = use(node.getSymName(), prototype(types.i32, node.getFunctionType().getInputs(), output), node);
    } else if (auto handler = dyn_cast<HandlerOp>(op)) {
      TypeRange input = inputsOf(cast<FlatSymbolRefAttr>(handler.getPath().getValue().back()));
      result = use(handler.getFunction(), prototype(types.voidType, input, types.i32), handler);
    } else if (auto source = dyn_cast<SourceOp>(op); source && source.getSession()) {
      result = use(*source.getSession(), LLVM::LLVMFunctionType::get(types.i64, {types.ptr}), source);
    }
    if (failed(result))
      return failure();
  }
  return checkDispatches();
}

/// A predicate's prototype is known from the fields that it is asked about.
LogicalResult PrototypeChecker::checkDispatches() {
  WalkResult result = lowering.program.walk([&](DispatchOp dispatch) {
    for (ArrayAttr pattern : dispatch.getPatterns().getAsRange<ArrayAttr>())
      for (auto [element, field] : llvm::zip(pattern, dispatch.getOperands())) {
        auto name = dyn_cast<FlatSymbolRefAttr>(element);
        if (!name)
          continue;
        auto predicate = lowering.programSymbols.lookup<PredicateOp>(name.getValue());
        Type argument = types.value(cast<CType>(field.getType()));
        if (failed(use(predicate.getFunction(), LLVM::LLVMFunctionType::get(types.i1, {argument}), dispatch)))
          return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

Type PrototypeChecker::prototype(Type result, TypeRange input, ArrayRef<Type> more) const {
  SmallVector<Type> parameters(!input.empty(), types.ptr);
  llvm::append_range(parameters, more);
  return LLVM::LLVMFunctionType::get(result, parameters);
}

LogicalResult PrototypeChecker::use(StringRef function, Type prototype, Operation *user) {
  if (function.starts_with("flux_ir_") || function.starts_with("flux."))
    return user->emitOpError() << "names the C function '" << function << "', which is the Flux runtime's";
  auto [found, isNew] = uses.insert({function, {prototype, user}});
  if (isNew || found->second.first == prototype)
    return success();
  InFlightDiagnostic diag = user->emitOpError() << "uses the C function '" << function << "' with another prototype";
  diag.attachNote(found->second.second->getLoc()) << "the first use is here";
  return diag;
}
