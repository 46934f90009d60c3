//===- Lowering.cpp - What the parts of the lowering share -----------------------------------------------------===//

#include "Lowering.h"
#include "flux/Dialect/Flux/IR/Rules.h"
#include "flux/rt/context.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace flux;

//===-------------------------------------------------------------------------------------------------------------===//
// Types
//===-------------------------------------------------------------------------------------------------------------===//

/// A kind of memory that overlaps no other kind below `root`.
static ArrayAttr memoryKind(LLVM::TBAARootAttr root, StringRef name) {
  MLIRContext *context = root.getContext();
  auto type = LLVM::TBAATypeDescriptorAttr::get(context, name, LLVM::TBAAMemberAttr::get(LLVM::TBAANodeAttr(root), 0));
  return ArrayAttr::get(context, LLVM::TBAATagAttr::get(type, type, 0));
}

LLVMTypes::LLVMTypes(MLIRContext *context, unsigned scopeWords) : context(context) {
  ptr = LLVM::LLVMPointerType::get(context);
  i1 = IntegerType::get(context, 1);
  i8 = IntegerType::get(context, 8);
  i32 = IntegerType::get(context, 32);
  i64 = IntegerType::get(context, 64);
  voidType = LLVM::LLVMVoidType::get(context);
  SmallVector<Type> parameters = {ptr};
  parameters.append(scopeWords, i64);
  parameters.append({ptr, ptr});
  flowFunction = LLVM::LLVMFunctionType::get(i32, parameters);
  pollFunction = LLVM::LLVMFunctionType::get(i32, {ptr, ptr, ptr});
  runFunction = LLVM::LLVMFunctionType::get(voidType, {ptr, ptr});
  callFunction = LLVM::LLVMFunctionType::get(i32, {ptr, ptr});
  auto root = LLVM::TBAARootAttr::get(context, StringAttr::get(context, "flux"));
  contextAccess = memoryKind(root, "flux context");
  counterAccess = memoryKind(root, "flux counter");
}

Type LLVMTypes::value(CType type) const {
  switch (type.getClass()) {
  case CClass::Bool:
  case CClass::Signed:
  case CClass::Unsigned:
    return IntegerType::get(context, type.getSize() * 8);
  case CClass::Float:
    return type.getSize() == 4 ? Type(Float32Type::get(context)) : Type(Float64Type::get(context));
  case CClass::Pointer:
  case CClass::Record:
    return ptr;
  }
  llvm_unreachable("every class has a case");
}

StructLayout::StructLayout(TypeRange fields) {
  for (Type field : fields) {
    auto type = cast<CType>(field);
    offsets.push_back(llvm::alignTo(size, type.getAlign()));
    size = offsets.back() + type.getSize();
    align = std::max(align, type.getAlign());
  }
  size = llvm::alignTo(size, align);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Facts about the program
//===-------------------------------------------------------------------------------------------------------------===//

Lowering::Lowering(ModuleOp program, bool debug, bool exceptions)
    : program(program), debug(debug), exceptions(exceptions), output(ModuleOp::create(program.getLoc())),
      programSymbols(program), outputSymbols(*output), handlers(program),
      scopeWords(std::max<unsigned>(1, llvm::divideCeil(handlers.numWays(), 64))),
      types(program.getContext(), scopeWords), sizes(program) {}

/// Whether the runtime has to know when this predicate or handler runs.
static bool isGuarded(Operation &op) {
  auto predicate = dyn_cast<PredicateOp>(op);
  auto handler = dyn_cast<HandlerOp>(op);
  return (predicate && predicate.getGuarded()) || (handler && handler.getGuarded());
}

LogicalResult Lowering::collect() {
  for (Operation &op : program.getOps())
    if (isa<NodeOp, FlowOp>(op))
      functions.insert({SymbolTable::getSymbolName(&op).getValue(), &op});
  for (Operation &op : program.getOps())
    if (isGuarded(op))
      guarded.insert({&op, int32_t(numFunctions())});
  stretches.emplace(functions);
  collectPolled();
  return collectLocks();
}

void Lowering::collectPolled() {
  SmallVector<StringRef> queue =
      llvm::map_to_vector(program.getOps<SourceOp>(), [](SourceOp source) { return source.getFunction(); });
  while (!queue.empty()) {
    auto flow = dyn_cast<FlowOp>(functions.find(queue.pop_back_val())->second);
    if (flow && polled.insert(flow).second)
      flow.walk([&](CallOp call) { queue.push_back(call.getCallee()); });
  }
}

LogicalResult Lowering::collectLocks() {
  SmallVector<LockOp> ordered(program.getOps<LockOp>());
  for (LockOp lock : ordered)
    if (!lock.getRank())
      return lock.emitOpError() << "has no rank; run flux-assign-lock-order first";
  llvm::sort(ordered, [](LockOp a, LockOp b) { return *a.getRank() < *b.getRank(); });
  for (LockOp lock : ordered) {
    if (!locks.empty() && locks.back().second.getRank() == lock.getRank())
      return lock.emitOpError() << "has the same rank as lock '" << locks.back().first << "'";
    locks.insert({lock.getSymName(), lock});
  }
  return success();
}

int32_t Lowering::guardIndexOf(Operation *op) const {
  auto found = guarded.find(op);
  return found == guarded.end() ? int32_t(FLUX_IR_NO_NODE) : found->second;
}

SmallVector<HoldAttr> Lowering::inRankOrder(ArrayAttr holds) const {
  SmallVector<HoldAttr> ordered(holds.getAsRange<HoldAttr>());
  llvm::sort(ordered, [&](HoldAttr a, HoldAttr b) {
    return locks.find(a.getLock().getValue()) < locks.find(b.getLock().getValue());
  });
  return ordered;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Functions that generated code calls
//===-------------------------------------------------------------------------------------------------------------===//

LLVM::LLVMFuncOp Lowering::declare(StringRef name, Type type, Location loc, LLVM::Linkage linkage) {
  if (auto existing = outputSymbols.lookup<LLVM::LLVMFuncOp>(name))
    return existing;
  OpBuilder builder = OpBuilder::atBlockEnd(output->getBody());
  auto function = LLVM::LLVMFuncOp::create(builder, loc, name, type, linkage);
  outputSymbols.insert(function);
  return function;
}

LLVM::LLVMFuncOp Lowering::entryPoint(EntryPoint which) {
  const Type VOID = types.voidType, PTR = types.ptr, CALL = types.ptr, DATA = types.ptr, I32 = types.i32;
  switch (which) {
#define FLUX_ENTRY_POINT(NAME, RETURN, ...)                                                                            \
  case EntryPoint::NAME:                                                                                               \
    return declare("flux_ir_" #NAME, LLVM::LLVMFunctionType::get(RETURN, {__VA_ARGS__}), program.getLoc());
#include "flux/rt/entry_points.def"
#undef FLUX_ENTRY_POINT
  }
  llvm_unreachable("every entry point has a case");
}

LLVM::LLVMFuncOp Lowering::nodeFunction(NodeOp node) {
  FunctionType type = node.getFunctionType();
  SmallVector<Type> parameters((type.getNumInputs() != 0) + (type.getNumResults() != 0), types.ptr);
  return declare(node.getSymName(), LLVM::LLVMFunctionType::get(types.i32, parameters), node.getLoc());
}

LLVM::LLVMFuncOp Lowering::nodeCall(NodeOp node) {
  std::string name = ("flux.node." + node.getSymName()).str();
  LLVM::LLVMFuncOp function = declare(name, types.callFunction, node.getLoc(), LLVM::Linkage::Internal);
  if (!function.empty())
    return function;
  ImplicitLocOpBuilder b(node.getLoc(), types.context);
  b.setInsertionPointToEnd(function.addEntryBlock(b));
  SmallVector<Value> arguments;
  if (node.getFunctionType().getNumInputs() != 0)
    arguments.push_back(function.getArgument(0));
  if (node.getFunctionType().getNumResults() != 0)
    arguments.push_back(function.getArgument(1));
  if (!exceptions) {
    LLVM::ReturnOp::create(b, LLVM::CallOp::create(b, nodeFunction(node), arguments).getResult());
    return function;
  }
  // The flow, its context and its locks may be on another thread.
  Value noContext = LLVM::ZeroOp::create(b, types.ptr);
  Block *returned = b.createBlock(&function.getBody()), *thrown = b.createBlock(&function.getBody());
  b.setInsertionPointToEnd(thrown);
  Value error = catchException(b, function, node, noContext);
  LLVM::ReturnOp::create(b, error);
  b.setInsertionPointToEnd(&function.getBody().front());
  auto call = LLVM::InvokeOp::create(b, nodeFunction(node), arguments, returned, ValueRange(), thrown, ValueRange());
  b.setInsertionPointToEnd(returned);
  LLVM::ReturnOp::create(b, call.getResults());
  return function;
}

LLVM::LLVMFuncOp Lowering::flowFunction(StringAttr flow, Location loc) {
  std::string name = ("flux.flow." + flow.getValue()).str();
  LLVM::LLVMFuncOp function = declare(name, types.flowFunction, loc, LLVM::Linkage::Internal);
  FunctionSizes::Inlining inlining = sizes.inliningOf(flow);
  function.setAlwaysInline(inlining == FunctionSizes::Inlining::Always);
  function.setNoInline(inlining == FunctionSizes::Inlining::Never);
  return function;
}

LLVM::LLVMFuncOp Lowering::partFunction(StringRef flow, Location loc) {
  std::string name = ("flux.part." + Twine(numParts++) + "." + flow).str();
  LLVM::LLVMFuncOp function = declare(name, types.flowFunction, loc, LLVM::Linkage::Internal);
  function.setNoInline(true);
  return function;
}

/// Exactly as clang declares `bool function(T)`, so that a call can be inlined where the function's bitcode is at hand.
LLVM::LLVMFuncOp Lowering::predicateFunction(PredicateOp predicate, CType argument) {
  Type parameter = argument.getClass() == CClass::Bool ? types.i1 : types.value(argument);
  LLVM::LLVMFuncOp function =
      declare(predicate.getFunction(), LLVM::LLVMFunctionType::get(types.i1, {parameter}), predicate.getLoc());
  auto unit = UnitAttr::get(types.context);
  function.setResultAttr(0, LLVM::LLVMDialect::getZExtAttrName(), unit);
  // The C ABIs of both targets leave it to the caller to widen arguments narrower than int.
  if (argument.getClass() != CClass::Float && argument.getClass() != CClass::Pointer && argument.getSize() < 4)
    function.setArgAttr(0,
                        argument.getClass() == CClass::Signed ? LLVM::LLVMDialect::getSExtAttrName()
                                                              : LLVM::LLVMDialect::getZExtAttrName(),
                        unit);
  return function;
}

LLVM::LLVMFuncOp Lowering::handlerFunction(HandlerOp handler, bool takesInput) {
  SmallVector<Type> parameters(takesInput, types.ptr);
  parameters.push_back(types.i32);
  return declare(handler.getFunction(), LLVM::LLVMFunctionType::get(types.voidType, parameters), handler.getLoc());
}

//===-------------------------------------------------------------------------------------------------------------===//
// Exceptions
//===-------------------------------------------------------------------------------------------------------------===//

/// What messages call a function: `node 'Parse'`. A source stands for its session function.
static std::string describe(Operation *function) {
  if (auto source = dyn_cast<SourceOp>(function))
    return ("the session function of source '" + withoutWrapper(source.getFunction()) + "'").str();
  static constexpr StringRef kinds[] = {"node", "flow", "predicate", "handler"};
  return (kinds[kindOf(function)] + " '" + nameOf(function) + "'").str();
}

/// A constant of that, with the place: `node 'Parse' (web.flux:3)`.
LLVM::GlobalOp Lowering::description(Operation *function) {
  std::string text = describe(function);
  std::string name = "flux.name." + text;
  if (auto existing = outputSymbols.lookup<LLVM::GlobalOp>(name))
    return existing;
  if (auto place = function->getLoc()->findInstanceOf<FileLineColLoc>())
    text += (" (" + place.getFilename().getValue() + ":" + Twine(place.getLine()) + ")").str();
  text += '\0';
  OpBuilder b = OpBuilder::atBlockEnd(output->getBody());
  auto type = LLVM::LLVMArrayType::get(types.i8, text.size());
  auto global = LLVM::GlobalOp::create(b, function->getLoc(), type, /*isConstant=*/true, LLVM::Linkage::Private, name,
                                       b.getStringAttr(text));
  outputSymbols.insert(global);
  return global;
}

Value Lowering::catchException(ImplicitLocOpBuilder &b, LLVM::LLVMFuncOp function, Operation *thrower, Value cx) {
  static constexpr StringLiteral personality = "__gxx_personality_v0";
  declare(personality, LLVM::LLVMFunctionType::get(types.i32, {}, /*isVarArg=*/true), program.getLoc());
  function.setPersonalityAttr(FlatSymbolRefAttr::get(types.context, personality));

  Value anything;
  {
    // Nothing stands in front of a landing pad.
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&function.getBody().front());
    anything = LLVM::ZeroOp::create(b, types.ptr);
  }
  auto type = LLVM::LLVMStructType::getLiteral(types.context, {types.ptr, types.i32});
  Value pad = LLVM::LandingpadOp::create(b, type, /*cleanup=*/false, ValueRange{anything});
  Value exception = LLVM::ExtractValueOp::create(b, pad, 0);
  Value who = LLVM::AddressOfOp::create(b, description(thrower));
  return LLVM::CallOp::create(b, entryPoint(EntryPoint::caught), ValueRange{cx, who, exception}).getResult();
}
