//===- BuildIndex.cpp - From a syntax tree to its index ---------------------------------------------------------===//
//
// First every item declares what it gives a name to, then every item mentions its names in textual order. Names of the
// program and C functions are kept apart, as in ResolveNames.cpp; a C function that is also declared as a node is one
// symbol. Nothing is reported: of two declarations that conflict, the first counts.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "BuildIndex.h"
#include "llvm/ADT/STLExtras.h"

using namespace flux;
using namespace flux::frontend;
using llvm::StringRef;
using Arguments = std::vector<ast::Argument>;
using Item = ProgramIndex::Item;

namespace {

class IndexBuilder {
public:
  IndexBuilder(const ast::Program &program, const ResolvedProgram *resolved) : program(program), resolved(resolved) {}

  ProgramIndex run();

private:
  void declare(const ast::Signature &signature);
  void declare(const ast::Case &definition) { symbolOf(definition.name.text, Symbol::Node).kind = Symbol::Flow; }
  void declare(const ast::Predicate &predicate);
  void declare(const ast::Source &source);
  void declare(const ast::Constraint &constraint);
  void declare(const ast::Handler &handler) { functionOf(handler.function.text, Symbol::HandlerFunction); }
  template <typename Other> void declare(const Other &) {}

  // Each mentions the names of one item and returns what the item is about.
  Item mention(const ast::Include &include);
  Item mention(const ast::Predicate &predicate);
  Item mention(const ast::Signature &signature);
  Item mention(const ast::Source &source);
  Item mention(const ast::Case &definition);
  Item mention(const ast::Constraint &constraint);
  Item mention(const ast::Handler &handler);
  Item mention(const ast::BlockingDecl &decl);

  Symbol &symbolOf(StringRef name, Symbol::Kind kind);
  Symbol &functionOf(StringRef name, Symbol::Kind kind);
  Symbol &lookup(StringRef name);
  Symbol &mention(Symbol &symbol, StringRef text, bool isDefinition = false);
  Symbol &mention(const ast::Name &name) { return mention(lookup(name.text), name.text); }

  struct Sides {
    const Arguments *inputs = nullptr, *outputs = nullptr;
  };
  void addSignatures();
  void addPrototypes();
  std::string spell(const ast::Argument &argument) const;
  std::string spell(const Arguments &arguments) const;
  std::string pointerTo(StringRef function) const;

  const ast::Program &program;
  const ResolvedProgram *resolved;
  ProgramIndex index;
  llvm::DenseMap<StringRef, Symbol *> names;      ///< of the program
  llvm::DenseMap<StringRef, Symbol *> cFunctions; ///< that are no nodes
  llvm::DenseMap<StringRef, Sides> sides;         ///< of nodes and flows, as far as they are known
};

} // namespace

//===-------------------------------------------------------------------------------------------------------------===//
// Declarations
//===-------------------------------------------------------------------------------------------------------------===//

/// The symbol of the program called `name`, of this kind if it is new.
Symbol &IndexBuilder::symbolOf(StringRef name, Symbol::Kind kind) {
  auto [entry, isNew] = names.try_emplace(name, nullptr);
  if (isNew) {
    entry->second = &index.symbols.emplace_back();
    entry->second->kind = kind;
    entry->second->name = name;
  }
  return *entry->second;
}

/// The C function called `name`, which may be declared as a node; of this kind if it is new.
Symbol &IndexBuilder::functionOf(StringRef name, Symbol::Kind kind) {
  if (Symbol *found = names.lookup(name); found && found->isFunction())
    return *found;
  auto [entry, isNew] = cFunctions.try_emplace(name, nullptr);
  if (isNew) {
    entry->second = &index.symbols.emplace_back();
    entry->second->kind = kind;
    entry->second->name = name;
  }
  return *entry->second;
}

/// What `name` stands for where a node, a flow, a predicate or a lock is expected. The constraint of a handler names a
/// C function.
Symbol &IndexBuilder::lookup(StringRef name) {
  if (Symbol *found = names.lookup(name))
    return *found;
  if (Symbol *found = cFunctions.lookup(name))
    return *found;
  return symbolOf(name, Symbol::Undeclared);
}

void IndexBuilder::declare(const ast::Signature &signature) {
  symbolOf(signature.name.text, Symbol::Node);
  sides.try_emplace(signature.name.text, Sides{&signature.inputs, &signature.outputs});
}

void IndexBuilder::declare(const ast::Predicate &predicate) {
  symbolOf(predicate.name.text, Symbol::Predicate).function = predicate.function.text;
  functionOf(predicate.function.text, Symbol::PredicateFunction);
}

void IndexBuilder::declare(const ast::Source &source) {
  if (source.session)
    functionOf(source.session->text, Symbol::SessionFunction);
}

void IndexBuilder::declare(const ast::Constraint &constraint) {
  for (const ast::LockUse &use : constraint.locks)
    symbolOf(use.lock.text, Symbol::Lock).scope = use.scope;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Mentions
//===-------------------------------------------------------------------------------------------------------------===//

Symbol &IndexBuilder::mention(Symbol &symbol, StringRef text, bool isDefinition) {
  bool definesItself = symbol.kind == Symbol::Lock || symbol.isCFunction();
  if (isDefinition || (definesItself && symbol.mentions.empty()))
    symbol.definitions.push_back(text);
  symbol.mentions.push_back(text);
  index.mentions.push_back({text, &symbol});
  return symbol;
}

Item IndexBuilder::mention(const ast::Include &include) { return {Item::Include, include.header, {}}; }

Item IndexBuilder::mention(const ast::Predicate &predicate) {
  mention(lookup(predicate.name.text), predicate.name.text, true);
  mention(functionOf(predicate.function.text, Symbol::PredicateFunction), predicate.function.text);
  return {Item::Predicate, predicate.name.text, {}};
}

Item IndexBuilder::mention(const ast::Signature &signature) {
  Symbol &symbol = lookup(signature.name.text);
  mention(symbol, signature.name.text, symbol.kind == Symbol::Node);
  return {Item::Signature, signature.name.text, {}};
}

Item IndexBuilder::mention(const ast::Source &source) {
  mention(source.function);
  if (source.session)
    mention(functionOf(source.session->text, Symbol::SessionFunction), source.session->text);
  mention(source.target);
  return {Item::Source, source.function.text, {}};
}

Item IndexBuilder::mention(const ast::Case &definition) {
  mention(lookup(definition.name.text), definition.name.text, true);
  if (definition.pattern)
    for (const ast::Name &element : *definition.pattern)
      if (element.text != "_")
        mention(element);
  for (const ast::Name &link : definition.chain)
    mention(link);
  return {Item::Case, definition.name.text, {}};
}

Item IndexBuilder::mention(const ast::Constraint &constraint) {
  Symbol &owner = mention(constraint.name);
  for (const ast::LockUse &use : constraint.locks)
    index.holds.push_back({&owner, &mention(use.lock), use.mode});
  return {Item::Constraint, constraint.name.text, {}};
}

Item IndexBuilder::mention(const ast::Handler &handler) {
  for (const ast::Name &element : handler.path)
    mention(element);
  lookup(handler.path.back().text).handlers.push_back(handler.function.text);
  mention(functionOf(handler.function.text, Symbol::HandlerFunction), handler.function.text);
  return {Item::Handler, handler.function.text, {}};
}

Item IndexBuilder::mention(const ast::BlockingDecl &decl) {
  for (const ast::Name &name : decl.names)
    mention(name).blocking = decl.blocks ? Blocking::Blocking : Blocking::Nonblocking;
  return {Item::Blocking, decl.names.front().text, {}};
}

//===-------------------------------------------------------------------------------------------------------------===//
// Signatures
//===-------------------------------------------------------------------------------------------------------------===//

std::string IndexBuilder::spell(const ast::Argument &argument) const {
  const std::string &type = program.types[argument.type].text;
  return type + (StringRef(type).ends_with("*") ? "" : " ") + argument.name.text.str();
}

std::string IndexBuilder::spell(const Arguments &arguments) const {
  std::string text = "(";
  for (const ast::Argument &argument : arguments)
    text += (text.size() > 1 ? ", " : "") + spell(argument);
  return text + ")";
}

void IndexBuilder::addSignatures() {
  if (resolved)
    for (const Function &function : resolved->functions)
      if (function.inputs && function.outputs)
        sides[function.name.text] = {function.inputs, function.outputs};
  for (Symbol &symbol : index.symbols)
    if (auto known = sides.find(symbol.name); symbol.isFunction() && known != sides.end())
      symbol.signature = spell(*known->second.inputs) + " => " + spell(*known->second.outputs);
}

/// The parameter by which a C function gets the inputs of `function`; empty if there are none.
std::string IndexBuilder::pointerTo(StringRef function) const {
  const Arguments *inputs = sides.lookup(function).inputs;
  return inputs && inputs->empty() ? "" : (function + "_in *in").str();
}

/// Gives C functions the prototypes that the generated header declares.
void IndexBuilder::addPrototypes() {
  auto prototype = [&](Symbol::Kind kind, StringRef result, StringRef name, const std::string &parameters) {
    Symbol &symbol = functionOf(name, kind);
    if (symbol.kind == kind && symbol.signature.empty())
      symbol.signature = (result + " " + name + "(" + parameters + ")").str();
  };
  for (const ast::Item &item : program.items) {
    if (auto *source = std::get_if<ast::Source>(&item)) {
      std::string input = pointerTo(source->target.text);
      if (source->session)
        prototype(Symbol::SessionFunction, "int64_t", source->session->text, input.empty() ? "void" : input);
    } else if (auto *handler = std::get_if<ast::Handler>(&item)) {
      std::string input = pointerTo(handler->path.back().text);
      prototype(Symbol::HandlerFunction, "void", handler->function.text,
                input + (input.empty() ? "int error" : ", int error"));
    } else if (auto *definition = std::get_if<ast::Case>(&item); definition && definition->pattern) {
      const Arguments *inputs = sides.lookup(definition->name.text).inputs;
      for (auto [position, element] : llvm::enumerate(*definition->pattern))
        if (Symbol *predicate = names.lookup(element.text);
            predicate && predicate->kind == Symbol::Predicate && inputs && position < inputs->size())
          prototype(Symbol::PredicateFunction, "bool", predicate->function, spell((*inputs)[position]));
    }
  }
}

ProgramIndex IndexBuilder::run() {
  for (const ast::Item &item : program.items)
    std::visit([&](const auto &syntax) { declare(syntax); }, item);
  for (auto [item, extent] : llvm::zip_equal(program.items, program.extents)) {
    index.items.push_back(std::visit([&](const auto &syntax) { return mention(syntax); }, item));
    const char *begin = extent.Start.getPointer();
    index.items.back().extent = StringRef(begin, extent.End.getPointer() - begin);
  }
  addSignatures();
  addPrototypes();
  for (const ast::CTypeSpelling &type : program.types)
    index.types.push_back(type.text);
  return std::move(index);
}

ProgramIndex flux::frontend::buildIndex(const ast::Program &program, const ResolvedProgram *resolved) {
  return IndexBuilder(program, resolved).run();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Look-up
//===-------------------------------------------------------------------------------------------------------------===//

const ProgramIndex::Mention *ProgramIndex::mentionAt(const char *place) const {
  auto next = llvm::partition_point(mentions, [&](const Mention &mention) { return mention.text.begin() <= place; });
  if (next == mentions.begin())
    return nullptr;
  const Mention &mention = *std::prev(next);
  return place <= mention.text.end() ? &mention : nullptr;
}

const ProgramIndex::Item *ProgramIndex::itemAt(const char *place) const {
  auto next = llvm::partition_point(items, [&](const Item &item) { return item.extent.begin() <= place; });
  if (next == items.begin())
    return nullptr;
  const Item &item = *std::prev(next);
  return place < item.extent.end() ? &item : nullptr;
}
