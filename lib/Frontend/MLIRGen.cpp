//===- MLIRGen.cpp - From a checked program to the flux dialect -------------------------------------------------===//

#include "MLIRGen.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"
#include <unordered_map>

using namespace mlir;
using namespace flux;
using namespace flux::frontend;
using llvm::SMLoc;

namespace {

struct TextHash {
  size_t operator()(StringRef text) const { return llvm::hash_value(text); }
};

class Generator {
public:
  Generator(const ast::Program &program, const ResolvedProgram &resolved, const TypeTable &types,
            const Diagnostics &locations, MLIRContext *context)
      : program(program), resolved(resolved), types(types), locations(locations), builder(context) {}

  OwningOpRef<ModuleOp> run();

private:
  using Body = llvm::function_ref<SmallVector<Value>()>;

  void emit(const ast::Include &include);
  void emit(const ast::Predicate &predicate);
  void emit(const ast::Signature &signature);
  void emit(const ast::Case &definition);
  void emit(const ast::Source &);
  void emit(const ast::Handler &);
  template <typename Other> void emit(const Other &) {} // constraints and `blocking` stand where they apply

  void emitFlow(StringRef name, const Function &function, SMLoc loc,
                llvm::function_ref<SmallVector<Value>(ValueRange)>);
  SmallVector<Value> emitDefinition(const Function &flow, ValueRange inputs);
  SmallVector<Value> emitDispatch(const Function &flow, ValueRange inputs);
  SmallVector<Value> emitChain(const Case &definition, ValueRange inputs);
  SmallVector<Value> emitCall(const Function &callee, SMLoc loc, ValueRange inputs);
  SmallVector<Value> emitConstrained(ArrayRef<const ast::LockUse *> holds, Location loc, TypeRange results, Body body);
  std::string wrap(const Function &function, const ast::Name &use, StringRef suffix);

  struct Side {
    SmallVector<Type> types;
    ArrayAttr names;
  };
  FlatSymbolRefAttr symbolOf(const Function &function);
  const Side &sideOf(const std::vector<ast::Argument> &arguments);
  ArrayRef<Type> typesOf(const std::vector<ast::Argument> &arguments);
  ArrayAttr namesOf(const std::vector<ast::Argument> &arguments);
  FunctionType typeOf(const Function &function);
  ArrayAttr holdsOf(ArrayRef<const ast::LockUse *> holds);
  ArrayAttr patternOf(const std::vector<ast::Name> &pattern);

  const ast::Program &program;
  const ResolvedProgram &resolved;
  const TypeTable &types;
  const Diagnostics &locations;
  OpBuilder builder;
  std::unordered_map<StringRef, Side, TextHash> sides; ///< whose addresses stay
  llvm::DenseMap<const Function *, FlatSymbolRefAttr> symbols;
  llvm::DenseSet<const Function *> emittedFlows;
  llvm::StringSet<> wrappers;
  std::vector<Source>::const_iterator nextSource;
  std::vector<Handler>::const_iterator nextHandler;
};

} // namespace

OwningOpRef<ModuleOp> Generator::run() {
  SMLoc start = SMLoc::getFromPointer(locations.start());
  OwningOpRef<ModuleOp> module = ModuleOp::create(locations.at(start));
  builder.setInsertionPointToEnd(module->getBody());
  symbols.reserve(resolved.functions.size());
  for (const auto &[name, use] : resolved.locks)
    LockOp::create(builder, locations.at(use->lock.loc), name, use->scope, IntegerAttr());
  nextSource = resolved.sources.begin();
  nextHandler = resolved.handlers.begin();
  for (const ast::Item &item : program.items)
    std::visit([&](const auto &syntax) { emit(syntax); }, item);
  return module;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Attributes and types
//===-------------------------------------------------------------------------------------------------------------===//

/// What the dialect makes of `arguments`. Most programs repeat the same few lists, so they are looked up by their text.
const Generator::Side &Generator::sideOf(const std::vector<ast::Argument> &arguments) {
  StringRef text;
  if (!arguments.empty()) {
    const char *begin = arguments.front().typeLoc.getPointer();
    text = StringRef(begin, arguments.back().name.text.end() - begin);
  }
  auto [entry, isNew] = sides.try_emplace(text);
  if (isNew)
    entry->second = {
        llvm::map_to_vector(arguments, [&](const ast::Argument &a) -> Type { return types.of(a); }),
        builder.getStrArrayAttr(llvm::map_to_vector(arguments, [](const ast::Argument &a) { return a.name.text; }))};
  return entry->second;
}

/// The function's name as calls refer to it: looked up once, since the context would compare the text each time.
FlatSymbolRefAttr Generator::symbolOf(const Function &function) {
  FlatSymbolRefAttr &symbol = symbols[&function];
  if (!symbol)
    symbol = FlatSymbolRefAttr::get(builder.getContext(), function.name.text);
  return symbol;
}

ArrayRef<Type> Generator::typesOf(const std::vector<ast::Argument> &arguments) { return sideOf(arguments).types; }

ArrayAttr Generator::namesOf(const std::vector<ast::Argument> &arguments) { return sideOf(arguments).names; }

FunctionType Generator::typeOf(const Function &function) {
  return builder.getFunctionType(typesOf(*function.inputs), typesOf(*function.outputs));
}

ArrayAttr Generator::holdsOf(ArrayRef<const ast::LockUse *> holds) {
  MLIRContext *context = builder.getContext();
  return builder.getArrayAttr(llvm::map_to_vector(holds, [&](const ast::LockUse *use) -> Attribute {
    return HoldAttr::get(context, FlatSymbolRefAttr::get(context, use->lock.text), use->mode);
  }));
}

/// One element per input: unit for a wildcard, else the predicate.
ArrayAttr Generator::patternOf(const std::vector<ast::Name> &pattern) {
  return builder.getArrayAttr(llvm::map_to_vector(pattern, [&](const ast::Name &element) -> Attribute {
    if (element.text == "_")
      return builder.getUnitAttr();
    return FlatSymbolRefAttr::get(builder.getContext(), element.text);
  }));
}

//===-------------------------------------------------------------------------------------------------------------===//
// Declarations
//===-------------------------------------------------------------------------------------------------------------===//

void Generator::emit(const ast::Include &include) {
  IncludeOp::create(builder, locations.at(include.loc), include.header);
}

void Generator::emit(const ast::Predicate &predicate) {
  PredicateOp::create(builder, locations.at(predicate.name.loc), predicate.name.text, predicate.function.text,
                      BlocksAttr());
}

void Generator::emit(const ast::Signature &signature) {
  const Function &function = *resolved.functionsByName.lookup(signature.name.text);
  if (function.isFlow() || function.handler)
    return;
  NodeOp::create(builder, locations.at(signature.name.loc), symbolOf(function).getAttr(),
                 TypeAttr::get(typeOf(function)), namesOf(signature.inputs), namesOf(signature.outputs),
                 BlockingAttr::get(builder.getContext(), function.blocking), BlocksAttr());
}

/// Emits the whole flow at its first case.
void Generator::emit(const ast::Case &definition) {
  const Function &flow = *resolved.functionsByName.lookup(definition.name.text);
  if (!emittedFlows.insert(&flow).second)
    return;
  emitFlow(flow.name.text, flow, flow.name.loc, [&](ValueRange inputs) { return emitDefinition(flow, inputs); });
}

void Generator::emit(const ast::Source &syntax) {
  const Source &source = *nextSource++;
  std::string function = wrap(*source.function, syntax.function, ".source");
  std::string target = wrap(*source.target, syntax.target, ".flow");
  StringAttr session = syntax.session ? builder.getStringAttr(syntax.session->text) : StringAttr();
  SourceOp::create(builder, locations.at(syntax.function.loc), function, target, session);
}

/// The name by which a source reaches `function`: that of a flow around it if it is a node with a constraint.
std::string Generator::wrap(const Function &function, const ast::Name &use, StringRef suffix) {
  if (function.isFlow() || function.holds.empty())
    return use.text.str();
  std::string name = (use.text + suffix).str();
  if (wrappers.insert(name).second)
    emitFlow(name, function, use.loc, [&](ValueRange inputs) { return emitCall(function, use.loc, inputs); });
  return name;
}

void Generator::emit(const ast::Handler &syntax) {
  const Handler &handler = *nextHandler++;
  auto path = llvm::map_to_vector(syntax.path, [&](const ast::Name &element) -> Attribute {
    return FlatSymbolRefAttr::get(builder.getContext(), element.text);
  });
  HandlerOp::create(builder, locations.at(syntax.path.back().loc), builder.getArrayAttr(path), syntax.function.text,
                    holdsOf(handler.holds), BlocksAttr());
}

//===-------------------------------------------------------------------------------------------------------------===//
// Flows
//===-------------------------------------------------------------------------------------------------------------===//

/// Emits a flow called `name` with the signature of `function` and the body that `emitBody` gives it.
void Generator::emitFlow(StringRef name, const Function &function, SMLoc loc,
                         llvm::function_ref<SmallVector<Value>(ValueRange)> emitBody) {
  Location location = locations.at(loc);
  auto flow =
      FlowOp::create(builder, location, name, typeOf(function), namesOf(*function.inputs), namesOf(*function.outputs));
  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(&flow.getBody());
  for (const ast::Argument &input : *function.inputs)
    body->addArgument(types.of(input), location);
  SmallVector<Value> outputs = emitBody(body->getArguments());
  ReturnOp::create(builder, location, outputs);
}

SmallVector<Value> Generator::emitDefinition(const Function &flow, ValueRange inputs) {
  auto emitInner = [&] {
    return flow.isDispatch() ? emitDispatch(flow, inputs) : emitChain(flow.cases.front(), inputs);
  };
  return emitConstrained(flow.holds, locations.at(flow.name.loc), typesOf(*flow.outputs), emitInner);
}

SmallVector<Value> Generator::emitDispatch(const Function &flow, ValueRange inputs) {
  auto patterns = llvm::map_to_vector(
      flow.cases, [&](const Case &definition) -> Attribute { return patternOf(*definition.syntax->pattern); });
  auto dispatch = DispatchOp::create(builder, locations.at(flow.name.loc), typesOf(*flow.outputs), inputs,
                                     builder.getArrayAttr(patterns), flow.cases.size());
  OpBuilder::InsertionGuard guard(builder);
  for (auto [definition, region] : llvm::zip_equal(flow.cases, dispatch.getCases())) {
    builder.createBlock(&region);
    SmallVector<Value> outputs = emitChain(definition, inputs);
    YieldOp::create(builder, locations.at(definition.syntax->name.loc), outputs);
  }
  return llvm::to_vector_of<Value>(dispatch.getResults());
}

SmallVector<Value> Generator::emitChain(const Case &definition, ValueRange inputs) {
  SmallVector<Value> values(inputs);
  for (auto [callee, name] : llvm::zip_equal(definition.links, definition.syntax->chain))
    values = emitCall(*callee, name.loc, values);
  return values;
}

/// Emits a call, under the callee's constraint if it is a node: a flow holds its own.
SmallVector<Value> Generator::emitCall(const Function &callee, SMLoc loc, ValueRange inputs) {
  Location location = locations.at(loc);
  ArrayRef<Type> results = typesOf(*callee.outputs);
  auto emitBare = [&] {
    auto call = CallOp::create(builder, location, results, symbolOf(callee), inputs);
    return llvm::to_vector_of<Value>(call.getResults());
  };
  if (callee.isFlow())
    return emitBare();
  return emitConstrained(callee.holds, location, results, emitBare);
}

/// Emits `body`, within a constraint unless `holds` is empty.
SmallVector<Value> Generator::emitConstrained(ArrayRef<const ast::LockUse *> holds, Location loc, TypeRange results,
                                              Body body) {
  if (holds.empty())
    return body();
  auto constrained = ConstrainedOp::create(builder, loc, results, holdsOf(holds));
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(&constrained.getBody());
  SmallVector<Value> values = body();
  YieldOp::create(builder, loc, values);
  return llvm::to_vector_of<Value>(constrained.getResults());
}

OwningOpRef<ModuleOp> flux::frontend::generate(const ast::Program &program, const ResolvedProgram &resolved,
                                               const TypeTable &types, const Diagnostics &locations,
                                               MLIRContext *context) {
  return Generator(program, resolved, types, locations, context).run();
}
