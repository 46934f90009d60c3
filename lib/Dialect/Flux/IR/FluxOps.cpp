//===- FluxOps.cpp - Operations of the flux dialect: verification ----------------------------------------------===//

#include "AssemblyDirectives.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/SmallSet.h"

using namespace mlir;
using namespace flux;

#define GET_OP_CLASSES
#include "flux/Dialect/Flux/IR/FluxOps.cpp.inc"

//===-------------------------------------------------------------------------------------------------------------===//
// Shared rules
//===-------------------------------------------------------------------------------------------------------------===//

FunctionType flux::signatureOf(Operation *op) {
  if (auto node = dyn_cast_or_null<NodeOp>(op))
    return node.getFunctionType();
  if (auto flow = dyn_cast_or_null<FlowOp>(op))
    return flow.getFunctionType();
  return {};
}

/// Resolves `name` to a node or flow, or reports that `user` names something else.
static Operation *lookupFunction(SymbolTableCollection &tables, Operation *user, FlatSymbolRefAttr name) {
  Operation *found = tables.lookupNearestSymbolFrom(user, name);
  if (signatureOf(found))
    return found;
  user->emitOpError() << "needs a node or a flow, but '" << name.getValue() << "' is "
                      << (found ? "something else" : "not defined");
  return nullptr;
}

/// Whether two lists of types agree: the same C types in the same order.
static bool sameTypes(TypeRange left, TypeRange right) {
  return left.size() == right.size() && llvm::all_of(llvm::zip(left, right), [](auto pair) {
           return cast<CType>(std::get<0>(pair)).isSame(cast<CType>(std::get<1>(pair)));
         });
}

static LogicalResult verifySignature(Operation *op, FunctionType type, ArrayAttr inputs, ArrayAttr outputs) {
  if (!llvm::all_of(type.getInputs(), llvm::IsaPred<CType>) || !llvm::all_of(type.getResults(), llvm::IsaPred<CType>))
    return op->emitOpError() << "takes and produces values of C types only";
  if (type.getNumInputs() != inputs.size() || type.getNumResults() != outputs.size())
    return op->emitOpError() << "needs a name for each input and output";
  return success();
}

/// Checks that the terminator of `block` carries `results`.
static LogicalResult verifyTerminator(Operation *op, Block &block, TypeRange results) {
  Operation *terminator = block.getTerminator();
  if (sameTypes(terminator->getOperandTypes(), results))
    return success();
  InFlightDiagnostic diag = op->emitOpError() << "has results that its region does not give";
  diag.attachNote(terminator->getLoc()) << "the region ends here";
  return diag;
}

/// Locks that `op` takes: each once, each declared.
static LogicalResult verifyHolds(SymbolTableCollection &tables, Operation *op, ArrayAttr holds) {
  for (HoldAttr hold : holds.getAsRange<HoldAttr>())
    if (!isa_and_nonnull<LockOp>(tables.lookupNearestSymbolFrom(op, hold.getLock())))
      return op->emitOpError() << "names '" << hold.getLock().getValue() << "', which is not a lock";
  return success();
}

static LogicalResult verifyHoldsOnce(Operation *op, ArrayAttr holds) {
  llvm::SmallSet<StringRef, 8> seen;
  for (HoldAttr hold : holds.getAsRange<HoldAttr>())
    if (!seen.insert(hold.getLock().getValue()).second)
      return op->emitOpError() << "takes lock '" << hold.getLock().getValue() << "' twice";
  return success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Declarations
//===-------------------------------------------------------------------------------------------------------------===//

LogicalResult NodeOp::verify() { return verifySignature(*this, getFunctionType(), getInputNames(), getOutputNames()); }

LogicalResult FlowOp::verify() {
  if (failed(verifySignature(*this, getFunctionType(), getInputNames(), getOutputNames())))
    return failure();
  if (!sameTypes(getBody().getArgumentTypes(), getFunctionType().getInputs()))
    return emitOpError() << "has a body whose arguments are not its inputs";
  WalkResult result = getBody().walk([&](Operation *op) {
    if (isa_and_nonnull<FluxDialect>(op->getDialect()))
      return WalkResult::advance();
    op->emitOpError() << "is not of the flux dialect but stands in flow '" << getSymName() << "'";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

LogicalResult SourceOp::verifySymbolUses(SymbolTableCollection &tables) {
  Operation *function = lookupFunction(tables, *this, getFunctionAttr());
  Operation *target = lookupFunction(tables, *this, getTargetAttr());
  if (!function || !target)
    return failure();
  FunctionType produced = signatureOf(function), taken = signatureOf(target);
  if (produced.getNumInputs() != 0)
    return emitOpError() << "calls '" << getFunction() << "', which takes inputs that nothing produces";
  if (taken.getNumResults() != 0)
    return emitOpError() << "starts '" << getTarget() << "', whose outputs nothing takes";
  if (!sameTypes(produced.getResults(), taken.getInputs()))
    return emitOpError() << "starts '" << getTarget() << "' with what '" << getFunction()
                         << "' produces, but their types differ";
  return success();
}

LogicalResult HandlerOp::verify() {
  if (getPath().empty())
    return emitOpError() << "needs a function whose errors it handles";
  return verifyHoldsOnce(*this, getHolds());
}

LogicalResult HandlerOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto path = getPath().getAsRange<FlatSymbolRefAttr>();
  size_t place = 0;
  for (FlatSymbolRefAttr name : path) {
    Operation *function = lookupFunction(tables, *this, name);
    if (!function)
      return failure();
    if (++place < getPath().size() && !isa<FlowOp>(function))
      return emitOpError() << "leads through '" << name.getValue() << "', which is not a flow";
  }
  return verifyHolds(tables, *this, getHolds());
}

//===-------------------------------------------------------------------------------------------------------------===//
// Inside a flow
//===-------------------------------------------------------------------------------------------------------------===//

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &tables) {
  Operation *callee = lookupFunction(tables, *this, getCalleeAttr());
  if (!callee)
    return failure();
  FunctionType type = signatureOf(callee);
  if (!sameTypes(getOperandTypes(), type.getInputs()) || !sameTypes(getResultTypes(), type.getResults())) {
    InFlightDiagnostic diag = emitOpError() << "does not agree with the signature of '" << getCallee() << "'";
    diag.attachNote(callee->getLoc()) << "declared here";
    return diag;
  }
  return success();
}

LogicalResult ConstrainedOp::verify() {
  if (getHolds().empty())
    return emitOpError() << "needs at least one lock";
  if (failed(verifyHoldsOnce(*this, getHolds())))
    return failure();
  return verifyTerminator(*this, getBody().front(), getResultTypes());
}

LogicalResult ConstrainedOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyHolds(tables, *this, getHolds());
}

/// `pattern` of a dispatch on `arity` fields: an array of `_` (unit) and predicate names.
static LogicalResult verifyPattern(DispatchOp op, Attribute pattern, size_t arity) {
  auto elements = dyn_cast<ArrayAttr>(pattern);
  if (!elements || !llvm::all_of(elements, llvm::IsaPred<UnitAttr, FlatSymbolRefAttr>))
    return op.emitOpError() << "needs patterns of '_' and predicates";
  if (elements.size() != arity)
    return op.emitOpError() << "has a case with " << elements.size() << " patterns for " << arity << " fields";
  return success();
}

LogicalResult DispatchOp::verify() {
  if (getCases().empty())
    return emitOpError() << "needs at least one case";
  if (getCases().size() != getPatterns().size())
    return emitOpError() << "needs one pattern for each case";
  for (auto [pattern, region] : llvm::zip(getPatterns(), getCases())) {
    if (failed(verifyPattern(*this, pattern, getOperands().size())))
      return failure();
    if (!isa<YieldOp>(region.front().back()))
      return emitOpError() << "has a case that does not end with flux.yield";
    if (failed(verifyTerminator(*this, region.front(), getResultTypes())))
      return failure();
  }
  return success();
}

bool DispatchOp::hasCatchAll() {
  return llvm::any_of(getPatterns().getAsRange<ArrayAttr>(),
                      [](ArrayAttr pattern) { return llvm::all_of(pattern, llvm::IsaPred<UnitAttr>); });
}

LogicalResult DispatchOp::verifySymbolUses(SymbolTableCollection &tables) {
  for (ArrayAttr pattern : getPatterns().getAsRange<ArrayAttr>())
    for (auto [element, operand] : llvm::zip(pattern, getOperands())) {
      auto name = dyn_cast<FlatSymbolRefAttr>(element);
      if (!name)
        continue;
      if (!isa_and_nonnull<PredicateOp>(tables.lookupNearestSymbolFrom(*this, name)))
        return emitOpError() << "asks '" << name.getValue() << "', which is not a predicate";
      if (cast<CType>(operand.getType()).getClass() == CClass::Record)
        return emitOpError() << "asks predicate '" << name.getValue()
                             << "' about a record, which is not passed by value";
    }
  return success();
}

LogicalResult ReturnOp::verify() {
  auto flow = cast<FlowOp>((*this)->getParentOp());
  if (!sameTypes(getOperandTypes(), flow.getFunctionType().getResults()))
    return emitOpError() << "does not give the outputs of flow '" << flow.getSymName() << "'";
  return success();
}
