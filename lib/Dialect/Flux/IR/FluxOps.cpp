//===- FluxOps.cpp - Operations of the flux dialect: verification ----------------------------------------------===//

#include "AssemblyDirectives.h"
#include "VerifyProgram.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/IR/ReachedCases.h"
#include "flux/Dialect/Flux/IR/Rules.h"
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
           // A region is verified before what is in it, so its types may be anything.
           auto a = dyn_cast<CType>(std::get<0>(pair)), b = dyn_cast<CType>(std::get<1>(pair));
           return a && b && a.isSame(b);
         });
}

/// Checks that a struct of C can have these fields.
static LogicalResult verifyFields(Operation *op, TypeRange types, ArrayAttr names, StringRef side) {
  llvm::SmallSet<StringRef, 8> seen;
  for (auto [type, name] : llvm::zip(types, names.getAsValueRange<StringAttr>())) {
    if (std::string reason = whyNoField(name); !reason.empty())
      return op->emitError(reason);
    if (!seen.insert(name).second)
      return op->emitError(sayFieldTwice(side, name));
  }
  return success();
}

static LogicalResult verifySignature(Operation *op, FunctionType type, ArrayAttr inputs, ArrayAttr outputs) {
  if (!llvm::all_of(type.getInputs(), llvm::IsaPred<CType>) || !llvm::all_of(type.getResults(), llvm::IsaPred<CType>))
    return op->emitOpError() << "takes and produces values of C types only";
  if (type.getNumInputs() != inputs.size() || type.getNumResults() != outputs.size())
    return op->emitOpError() << "needs a name for each input and output";
  return success(succeeded(verifyFields(op, type.getInputs(), inputs, "inputs")) &&
                 succeeded(verifyFields(op, type.getResults(), outputs, "outputs")));
}

/// Reports what one of the functions of Rules.h has against `op`, if anything.
static LogicalResult refuseIf(Operation *op, const std::string &reason) {
  return reason.empty() ? success() : op->emitError(reason);
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

LogicalResult flux::verifyPartOfProgram(Operation *op) {
  Operation *outer = op->getParentOp()->getParentOp();
  // MLIR's parser verifies a file's module inside one of its own, which it drops if there is nothing else in it.
  bool isBeingParsed =
      isa_and_nonnull<ModuleOp>(outer) && !outer->getParentOp() && llvm::hasSingleElement(outer->getRegion(0).front());
  if (!outer || isBeingParsed)
    return success();
  InFlightDiagnostic diag = op->emitError()
                            << "a Flux program is a module of its own, but this one stands in another operation";
  diag.attachNote(outer->getLoc()) << "which is here";
  return diag;
}

LogicalResult IncludeOp::verify() { return refuseIf(*this, whyNoHeader(getHeader())); }

LogicalResult LockOp::verify() { return refuseIf(*this, whyNoName(getSymName(), "lock")); }

LogicalResult PredicateOp::verify() {
  if (failed(refuseIf(*this, whyNoName(getSymName(), "predicate"))))
    return failure();
  return refuseIf(*this, whyNoCFunction(getFunction(), "predicate's function"));
}

LogicalResult NodeOp::verify() {
  if (failed(refuseIf(*this, whyNoCFunction(getSymName(), "node"))))
    return failure();
  if (getByModel() && getGuarded())
    return emitError() << "node '" << getSymName()
                       << "' is guarded, since its calls do not park, but run by the model, where they may";
  return verifySignature(*this, getFunctionType(), getInputNames(), getOutputNames());
}

LogicalResult FlowOp::verify() {
  if (!isWrapper(getSymName()) && failed(refuseIf(*this, whyNoCFunction(getSymName(), "flow"))))
    return failure();
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

LogicalResult SourceOp::verify() {
  return getSession() ? refuseIf(*this, whyNoCFunction(*getSession(), "session's function")) : success();
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
  return verifyProgramAfter(*this, tables);
}

LogicalResult HandlerOp::verify() {
  if (getPath().empty())
    return emitOpError() << "needs a function whose errors it handles";
  if (failed(refuseIf(*this, whyNoCFunction(getFunction(), "handler"))))
    return failure();
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
  if (failed(verifyHolds(tables, *this, getHolds())))
    return failure();
  return verifyProgramAfter(*this, tables);
}

// These use no symbols, but may be the last of their program.
LogicalResult IncludeOp::verifySymbolUses(SymbolTableCollection &tables) { return verifyProgramAfter(*this, tables); }
LogicalResult LockOp::verifySymbolUses(SymbolTableCollection &tables) { return verifyProgramAfter(*this, tables); }
LogicalResult PredicateOp::verifySymbolUses(SymbolTableCollection &tables) { return verifyProgramAfter(*this, tables); }
LogicalResult NodeOp::verifySymbolUses(SymbolTableCollection &tables) { return verifyProgramAfter(*this, tables); }
LogicalResult FlowOp::verifySymbolUses(SymbolTableCollection &tables) { return verifyProgramAfter(*this, tables); }

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

/// Checks that each case can be taken.
static LogicalResult verifyReached(DispatchOp op) {
  ReachedCases reached;
  for (auto [pattern, region] : llvm::zip(op.getPatterns().getAsRange<ArrayAttr>(), op.getCases())) {
    PatternTests tests;
    for (auto [position, element] : llvm::enumerate(pattern))
      if (auto predicate = dyn_cast<FlatSymbolRefAttr>(element))
        tests.push_back({position, predicate.getValue()});
    std::optional<unsigned> earlier = reached.add(std::move(tests));
    if (!earlier)
      continue;
    InFlightDiagnostic diag = mlir::emitError(region.front().getTerminator()->getLoc())
                              << sayNeverTaken(op->getParentOfType<FlowOp>().getSymName());
    diag.attachNote(op.getCases()[*earlier].front().getTerminator()->getLoc())
        << "an earlier case accepts everything that it accepts";
    return diag;
  }
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
  return verifyReached(*this);
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
