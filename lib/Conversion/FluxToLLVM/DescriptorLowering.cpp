//===- DescriptorLowering.cpp - The constant that tells the runtime about the program ---------------------------===//
//
// Layouts are those of flux/rt/program.h. A table is an array of structs. MLIR gives a constant of pointers by a chain
// of insertvalue, each of which makes LLVM copy the aggregate; tables are therefore built in chunks, which keeps a
// table of n entries at about n * chunk steps while its bytes stay those of a C array.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Lowering.h"
#include "flux/Dialect/Flux/IR/Models.h"
#include "flux/Dialect/Flux/IR/Rules.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace flux;

namespace {

class DescriptorBuilder {
public:
  DescriptorBuilder(Lowering &lowering)
      : lowering(lowering), types(lowering.types), b(lowering.program.getLoc(), lowering.program.getContext()) {
    b.setInsertionPointToEnd(lowering.output->getBody());
  }

  void build();

private:
  using Entry = llvm::function_ref<Value()>;

  Value guard();
  LLVM::GlobalOp functionTable();
  LLVM::GlobalOp lockTable();
  LLVM::GlobalOp sourceTable();
  LLVM::GlobalOp numberTable(StringRef name, ArrayRef<int32_t> numbers);
  SmallVector<Value> functionMembers(Operation *op);
  SmallVector<Value> sourceMembers(SourceOp source, unsigned index);

  LLVM::GlobalOp constantGlobal(StringRef name, Type type, LLVM::Linkage linkage, Entry initializer);
  LLVM::GlobalOp table(StringRef name, Type element, uint64_t size, llvm::function_ref<Value(uint64_t)> entry);
  Value aggregate(Type type, ArrayRef<Value> members);
  Value integer(Type type, uint64_t value) { return LLVM::ConstantOp::create(b, type, value); }
  Value string(StringRef text);
  Value addressOf(LLVM::LLVMFuncOp function) { return LLVM::AddressOfOp::create(b, function); }
  Value addressOf(LLVM::GlobalOp global) { return LLVM::AddressOfOp::create(b, global); }

  Lowering &lowering;
  const LLVMTypes &types;
  ImplicitLocOpBuilder b;
  llvm::StringMap<LLVM::GlobalOp> strings;
};

} // namespace

void flux::buildDescriptor(Lowering &lowering) { DescriptorBuilder(lowering).build(); }

/// The models that the program's constraints are complete for, a bit each.
static uint64_t modelsOf(ModuleOp program) {
  auto names = program->getAttrOfType<ArrayAttr>(FluxDialect::modelsAttr);
  if (!names)
    return ~uint64_t(0);
  uint64_t models = 0;
  for (StringAttr name : names.getAsRange<StringAttr>())
    models |= findModel(name.getValue())->bit;
  return models;
}

void DescriptorBuilder::build() {
  LLVM::GlobalOp functions = functionTable(), locks = lockTable(), sources = sourceTable();
  ArrayRef<int32_t> firstCalls = lowering.stretches->firstCalls();
  LLVM::GlobalOp stretches = numberTable("flux.stretches", firstCalls);
  LLVM::GlobalOp calls = numberTable("flux.calls", lowering.stretches->calls());
  auto type = LLVM::LLVMStructType::getLiteral(types.context, {types.i32, types.i32, types.i64, types.ptr, types.i64,
                                                               types.ptr, types.i64, types.ptr, types.i64, types.ptr,
                                                               types.i64, types.i64, types.ptr, types.ptr, types.ptr});
  StringRef name = lowering.program.getSymName().value_or("program");
  uint64_t numSources = llvm::range_size(lowering.program.getOps<SourceOp>());
  constantGlobal("flux_ir_program", type, LLVM::Linkage::External, [&] {
    return aggregate(type, {integer(types.i32, FLUX_IR_ABI_VERSION), integer(types.i32, sizeof(flux_ir_program_t)),
                            integer(types.i64, modelsOf(lowering.program)), string(name),
                            integer(types.i64, lowering.numFunctions()), addressOf(functions),
                            integer(types.i64, lowering.locks.size()), addressOf(locks), integer(types.i64, numSources),
                            addressOf(sources), integer(types.i64, lowering.debug ? FLUX_IR_DEBUG : 0),
                            integer(types.i64, firstCalls.size()), addressOf(stretches), addressOf(calls), guard()});
  });
}

Value DescriptorBuilder::guard() {
  if (!lowering.exceptions)
    return LLVM::ZeroOp::create(b, types.ptr);
  auto type = LLVM::LLVMFunctionType::get(types.i32, SmallVector<Type>(4, types.ptr));
  return addressOf(lowering.declare("flux_ir_guard", type, lowering.program.getLoc()));
}

//===-------------------------------------------------------------------------------------------------------------===//
// The tables
//===-------------------------------------------------------------------------------------------------------------===//

LLVM::GlobalOp DescriptorBuilder::functionTable() {
  auto type = LLVM::LLVMStructType::getLiteral(types.context,
                                               {types.ptr, types.ptr, types.i32, types.i32, types.i32, types.i32});
  uint64_t numNamed = lowering.functions.size();
  return table("flux.functions", type, lowering.numFunctions(), [&](uint64_t index) {
    bool isNamed = index < numNamed;
    return aggregate(type, functionMembers(isNamed ? lowering.functions.begin()[index].second
                                                   : lowering.guarded.begin()[index - numNamed].first));
  });
}

flux_ir_function_kind flux::kindOf(Operation *function) {
  return llvm::TypeSwitch<Operation *, flux_ir_function_kind>(function)
      .Case([](FlowOp) { return FLUX_IR_FLOW; })
      .Case([](PredicateOp) { return FLUX_IR_PREDICATE; })
      .Case([](HandlerOp) { return FLUX_IR_HANDLER; })
      .Default([](Operation *) { return FLUX_IR_NODE; });
}

StringRef flux::nameOf(Operation *function) {
  if (auto predicate = dyn_cast<PredicateOp>(function))
    return predicate.getFunction();
  if (auto handler = dyn_cast<HandlerOp>(function))
    return handler.getFunction();
  return SymbolTable::getSymbolName(function).getValue();
}

/// What the program declares of a node's calls, or what the compiler relies on.
static uint32_t blockingFlagOf(NodeOp node) {
  switch (node.getBlocking()) {
  case Blocking::Unknown:
    return node.getGuarded() ? FLUX_IR_GUARDED : 0;
  case Blocking::Blocking:
    return FLUX_IR_BLOCKING;
  case Blocking::Nonblocking:
    return FLUX_IR_NONBLOCKING;
  }
  llvm_unreachable("every kind has a case");
}

static uint32_t flagsOf(Operation *function) {
  if (isa<PredicateOp, HandlerOp>(function))
    return FLUX_IR_GUARDED;
  auto node = dyn_cast<NodeOp>(function);
  if (!node)
    return 0;
  bool begins = node.getFunctionType().getNumInputs() == 0;
  return blockingFlagOf(node) | (begins ? FLUX_IR_BEGINS : 0);
}

SmallVector<Value> DescriptorBuilder::functionMembers(Operation *op) {
  auto place = op->getLoc()->findInstanceOf<FileLineColLoc>();
  return {string(nameOf(op)),
          string(place ? place.getFilename().getValue() : ""),
          integer(types.i32, place ? place.getLine() : 0),
          integer(types.i32, kindOf(op)),
          integer(types.i32, flagsOf(op)),
          integer(types.i32, 0)};
}

LLVM::GlobalOp DescriptorBuilder::lockTable() {
  auto type = LLVM::LLVMStructType::getLiteral(types.context, {types.ptr, types.i32, types.i32});
  return table("flux.locks", type, lowering.locks.size(), [&](uint64_t index) {
    LockOp lock = lowering.locks.begin()[index].second;
    return aggregate(type, {string(lock.getSymName()), integer(types.i32, lock.getScope() == LockScope::Session),
                            integer(types.i32, 0)});
  });
}

LLVM::GlobalOp DescriptorBuilder::sourceTable() {
  auto type = LLVM::LLVMStructType::getLiteral(
      types.context, {types.ptr, types.ptr, types.i64, types.i64, types.ptr, types.ptr, types.i32, types.i32});
  SmallVector<SourceOp> sources(lowering.program.getOps<SourceOp>());
  return table("flux.sources", type, sources.size(),
               [&](uint64_t index) { return aggregate(type, sourceMembers(sources[index], index)); });
}

SmallVector<Value> DescriptorBuilder::sourceMembers(SourceOp source, unsigned index) {
  Operation *target = lowering.functions.find(source.getTarget())->second;
  StructLayout input(signatureOf(target).getInputs());
  return {string(withoutWrapper(source.getFunction())),
          string(withoutWrapper(source.getTarget())),
          integer(types.i64, input.size),
          integer(types.i64, input.align),
          addressOf(lowering.declare(pollFunctionName(index), types.pollFunction, source.getLoc())),
          addressOf(lowering.declare(runFunctionName(index), types.runFunction, source.getLoc())),
          integer(types.i32, source.getSession().has_value()),
          integer(types.i32, 0)};
}

//===-------------------------------------------------------------------------------------------------------------===//
// Constants
//===-------------------------------------------------------------------------------------------------------------===//

LLVM::GlobalOp DescriptorBuilder::constantGlobal(StringRef name, Type type, LLVM::Linkage linkage, Entry initializer) {
  OpBuilder::InsertionGuard guard(b);
  auto global = LLVM::GlobalOp::create(b, type, /*isConstant=*/true, linkage, name, Attribute(), /*alignment=*/8);
  b.createBlock(&global.getInitializerRegion());
  LLVM::ReturnOp::create(b, initializer());
  return global;
}

LLVM::GlobalOp DescriptorBuilder::numberTable(StringRef name, ArrayRef<int32_t> numbers) {
  auto type = LLVM::LLVMArrayType::get(types.i32, numbers.size());
  auto values = DenseElementsAttr::get(RankedTensorType::get(int64_t(numbers.size()), types.i32), numbers);
  return LLVM::GlobalOp::create(b, type, /*isConstant=*/true, LLVM::Linkage::Private, name, values, /*alignment=*/4);
}

LLVM::GlobalOp DescriptorBuilder::table(StringRef name, Type element, uint64_t size,
                                        llvm::function_ref<Value(uint64_t)> entry) {
  constexpr uint64_t chunk = 64;
  auto chunkType = LLVM::LLVMArrayType::get(element, chunk);
  auto restType = LLVM::LLVMArrayType::get(element, size % chunk);
  auto chunksType = LLVM::LLVMArrayType::get(chunkType, size / chunk);
  auto type = LLVM::LLVMStructType::getLiteral(types.context, {chunksType, restType});

  return constantGlobal(name, type, LLVM::Linkage::Private, [&] {
    auto part = [&](Type partType, uint64_t first, uint64_t count) {
      SmallVector<Value> entries;
      for (uint64_t i = 0; i != count; ++i)
        entries.push_back(entry(first + i));
      return aggregate(partType, entries);
    };
    SmallVector<Value> chunks;
    for (uint64_t i = 0; i != size / chunk; ++i)
      chunks.push_back(part(chunkType, i * chunk, chunk));
    return aggregate(type, {aggregate(chunksType, chunks), part(restType, size / chunk * chunk, size % chunk)});
  });
}

Value DescriptorBuilder::aggregate(Type type, ArrayRef<Value> members) {
  Value result = LLVM::UndefOp::create(b, type);
  for (auto [index, member] : llvm::enumerate(members))
    result = LLVM::InsertValueOp::create(b, result, member, index);
  return result;
}

Value DescriptorBuilder::string(StringRef text) {
  LLVM::GlobalOp &global = strings[text];
  if (!global) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(lowering.output->getBody());
    std::string bytes = text.str() + '\0';
    auto type = LLVM::LLVMArrayType::get(types.i8, bytes.size());
    global = LLVM::GlobalOp::create(b, type, /*isConstant=*/true, LLVM::Linkage::Private,
                                    "flux.string." + std::to_string(strings.size() - 1), b.getStringAttr(bytes));
  }
  return addressOf(global);
}
