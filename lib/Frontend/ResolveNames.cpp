//===- ResolveNames.cpp - The rules of the language: names ------------------------------------------------------===//
//
// Nodes, flows, predicates and locks share one set of names. C functions share another: nodes, the functions of
// predicates, sessions and handlers. Both are checked here, since each name of either becomes a symbol.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Sema.h"
#include "flux/Dialect/Flux/IR/Rules.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/DynamicLibrary.h"

using namespace flux;
using namespace flux::frontend;
using llvm::SMLoc;
using llvm::StringRef;

namespace {

class Resolver {
public:
  Resolver(ResolvedProgram &resolved, Diagnostics &diagnostics) : resolved(resolved), diagnostics(diagnostics) {}

  void run(const ast::Program &program);

private:
  /// What a name is taken for, and where.
  struct Claim {
    StringRef kind;
    SMLoc loc;
  };

  // Declarations.
  void declare(const ast::Signature &signature);
  void declare(const ast::Case &definition);
  void declare(const ast::Predicate &predicate);
  void declare(const ast::LockUse &use);
  template <typename Other> void declare(const Other &) {}
  Function &functionNamed(const ast::Name &name);
  bool claimName(const ast::Name &name, StringRef kind);
  void claimCFunction(const ast::Name &name, StringRef kind);
  void claimCFunction(const Function &function);
  void checkUnclaimed(const ast::Name &name, StringRef kind, const Claim &claim);
  void checkCName(const ast::Name &name, StringRef kind);
  void checkStructName(const ast::Name &name);
  void checkArguments(const std::vector<ast::Argument> &arguments, StringRef side);

  // Uses.
  void resolve(const ast::Source &source);
  void resolve(Case &definition);
  void resolve(const ast::Constraint &constraint);
  void resolve(const ast::Handler &handler);
  void resolve(const ast::BlockingDecl &decl);
  template <typename Other> void resolve(const Other &) {}
  Function *lookup(const ast::Name &name);
  const ast::Predicate *similarPredicate(StringRef name);
  void reportNoPredicate(const ast::Name &name);
  void noteSimilar(Diagnostics::Report &report, StringRef name);
  void addHolds(std::vector<const ast::LockUse *> &holds, const ast::Constraint &constraint);

  ResolvedProgram &resolved;
  Diagnostics &diagnostics;
  llvm::DenseMap<StringRef, Claim> names;      ///< of the program
  llvm::DenseMap<StringRef, Claim> cFunctions; ///< that the program is linked with, except those of nodes and flows
  llvm::DenseMap<StringRef, const ast::Handler *> handlersByFunction;
  llvm::DenseMap<StringRef, std::vector<const ast::LockUse *>> handlerHolds;
  llvm::DenseMap<std::pair<StringRef, StringRef>, const ast::LockUse *> holdsByName; ///< by function and lock
  llvm::DenseMap<std::pair<StringRef, StringRef>, SMLoc> sourcesByEnds;              ///< by function and target
};

} // namespace

//===-------------------------------------------------------------------------------------------------------------===//
// Declarations
//===-------------------------------------------------------------------------------------------------------------===//

static StringRef kindOf(const Function &function) { return function.isFlow() ? "flow" : "node"; }

/// Claims `name` of the program for a `kind` of thing. A name that is taken by another kind is reported.
bool Resolver::claimName(const ast::Name &name, StringRef kind) {
  auto [entry, isNew] = names.try_emplace(name.text, Claim{kind, name.loc});
  if (isNew || entry->second.kind == kind)
    return true;
  diagnostics
      .error(name.loc, "'" + name.text + "' cannot name a " + kind + ": it already names a " + entry->second.kind)
      .note(entry->second.loc, "it is a " + entry->second.kind + " here");
  return false;
}

/// Claims the C function `name`, which has the prototype of its `kind`.
void Resolver::claimCFunction(const ast::Name &name, StringRef kind) {
  checkCName(name, kind);
  auto [entry, isNew] = cFunctions.try_emplace(name.text, Claim{kind, name.loc});
  if (!isNew)
    checkUnclaimed(name, kind, entry->second);
}

/// Claims the C function of a node or flow. No two of them share a name, so nothing is noted.
void Resolver::claimCFunction(const Function &function) {
  checkCName(function.name, kindOf(function));
  if (auto claim = cFunctions.find(function.name.text); claim != cFunctions.end())
    checkUnclaimed(function.name, kindOf(function), claim->second);
}

void Resolver::checkUnclaimed(const ast::Name &name, StringRef kind, const Claim &claim) {
  if (claim.kind != kind)
    diagnostics.error(name.loc, sayTwoKinds(name.text, kind, claim.kind))
        .note(claim.loc, "it is a " + claim.kind + " here");
}

/// Whether the C library of this machine has a function of that name.
static bool isOfCLibrary(const std::string &name) {
  static llvm::sys::DynamicLibrary library = llvm::sys::DynamicLibrary::getPermanentLibrary("libc.so.6");
  return library.isValid() && library.getAddressOfSymbol(name.c_str());
}

/// Reports a name that C code could not define, or had better not.
void Resolver::checkCName(const ast::Name &name, StringRef kind) {
  if (std::string reason = whyNoCFunction(name.text, kind); !reason.empty())
    diagnostics.error(name.loc, reason);
  else if (kind != "flow" && isOfCLibrary(name.text.str()))
    diagnostics.warning(name.loc, kind + " '" + name.text +
                                      "' takes the place of the C library's function of that name, for all that calls "
                                      "it; name it otherwise");
}

/// Reports a name that the generated header gives to the inputs or outputs of a node or flow.
void Resolver::checkStructName(const ast::Name &name) {
  StringRef owner = ownerOfStruct(name.text);
  if (const Function *found = owner.empty() ? nullptr : resolved.functionsByName.lookup(owner))
    diagnostics.error(name.loc, sayStructName(name.text, owner))
        .note(found->name.loc, "'" + owner + "' is declared here");
}

Function &Resolver::functionNamed(const ast::Name &name) {
  auto [entry, isNew] = resolved.functionsByName.try_emplace(name.text, nullptr);
  if (isNew) {
    entry->second = &resolved.functions.emplace_back();
    entry->second->name = name;
    claimName(name, "node or flow");
  }
  return *entry->second;
}

void Resolver::checkArguments(const std::vector<ast::Argument> &arguments, StringRef side) {
  llvm::SmallDenseMap<StringRef, SMLoc> seen;
  for (const ast::Argument &argument : arguments) {
    if (std::string reason = whyNoField(argument.name.text); !reason.empty())
      diagnostics.error(argument.name.loc, reason);
    auto [entry, isNew] = seen.try_emplace(argument.name.text, argument.name.loc);
    if (!isNew)
      diagnostics.error(argument.name.loc, sayFieldTwice(side, argument.name.text))
          .note(entry->second, "the first '" + argument.name.text + "' is here");
  }
}

void Resolver::declare(const ast::Signature &signature) {
  Function &function = functionNamed(signature.name);
  if (function.signature) {
    diagnostics.error(signature.name.loc, "'" + signature.name.text + "' has two signatures")
        .note(function.signature->name.loc, "the first is here");
    return;
  }
  function.signature = &signature;
  checkArguments(signature.inputs, "inputs");
  checkArguments(signature.outputs, "outputs");
}

void Resolver::declare(const ast::Case &definition) {
  const ast::Name &name = definition.name;
  Function &function = functionNamed(name);
  if (!function.isFlow()) {
    function.name = name; // rather than the signature's
  } else {
    const ast::Case &first = *function.cases.front().syntax;
    if (!definition.pattern && !first.pattern)
      diagnostics.error(name.loc, "flow '" + name.text + "' is defined twice")
          .note(first.name.loc, "the first definition is here");
    else if (definition.pattern.has_value() != first.pattern.has_value())
      diagnostics.error(name.loc, "flow '" + name.text + "' is defined both with and without patterns")
          .note(first.name.loc, "the first definition is here");
  }
  function.cases.push_back({&definition, {}});
}

void Resolver::declare(const ast::Predicate &predicate) {
  if (!claimName(predicate.name, "predicate"))
    return;
  claimCFunction(predicate.function, "predicate's function");
  auto [entry, isNew] = resolved.predicates.try_emplace(predicate.name.text, &predicate);
  if (!isNew)
    diagnostics.error(predicate.name.loc, "predicate '" + predicate.name.text + "' is defined twice")
        .note(entry->second->name.loc, "the first definition is here");
}

void Resolver::declare(const ast::LockUse &use) {
  if (claimName(use.lock, "lock"))
    resolved.locks.insert({use.lock.text, &use});
}

//===-------------------------------------------------------------------------------------------------------------===//
// Uses
//===-------------------------------------------------------------------------------------------------------------===//

/// Below how many letters' difference another name may be what was meant. Two letters that have changed places are two
/// away; of very short names anything would be similar.
static unsigned similarityLimit(StringRef name) {
  return name.size() < 3 ? 1 : std::min<size_t>((name.size() + 2) / 3, 3) + 1;
}

/// Adds the name that `name` may have been meant to be.
void Resolver::noteSimilar(Diagnostics::Report &report, StringRef name) {
  if (diagnostics.isExhausted())
    return;
  const Function *best = nullptr;
  unsigned bestDistance = similarityLimit(name);
  for (const Function &function : resolved.functions) {
    unsigned distance = name.edit_distance_insensitive(function.name.text, true, bestDistance);
    if (distance < bestDistance) {
      best = &function;
      bestDistance = distance;
    }
  }
  if (best)
    report.note(best->name.loc, "did you mean '" + best->name.text + "'?");
}

/// The node or flow called `name`; null, with an error, if there is none.
Function *Resolver::lookup(const ast::Name &name) {
  if (Function *found = resolved.functionsByName.lookup(name.text))
    return found;
  auto claim = names.find(name.text);
  if (claim != names.end()) {
    diagnostics.error(name.loc, "'" + name.text + "' is a " + claim->second.kind + ", not a node or a flow")
        .note(claim->second.loc, "it is a " + claim->second.kind + " here");
    return nullptr;
  }
  auto report = diagnostics.error(name.loc, "no node or flow is named '" + name.text + "'");
  noteSimilar(report, name.text);
  return nullptr;
}

void Resolver::resolve(const ast::Source &source) {
  Source ends{&source, lookup(source.function), lookup(source.target)};
  for (Function *function : {ends.function, ends.target})
    if (function)
      function->isRun = true;
  if (source.session)
    claimCFunction(*source.session, "session's function");
  resolved.sources.push_back(ends);
  auto [entry, isNew] = sourcesByEnds.try_emplace({source.function.text, source.target.text}, source.function.loc);
  if (!isNew)
    diagnostics.error(source.function.loc, saySourceTwice(source.function.text, source.target.text))
        .note(entry->second, "the first time is here");
}

void Resolver::resolve(Case &definition) {
  for (const ast::Name &link : definition.syntax->chain) {
    definition.links.push_back(lookup(link));
    if (Function *function = definition.links.back())
      function->isRun = true;
  }
  if (!definition.syntax->pattern)
    return;
  for (const ast::Name &element : *definition.syntax->pattern)
    if (element.text != "_" && !resolved.predicates.count(element.text))
      reportNoPredicate(element);
}

/// The predicate that `name` may have been meant to be, by its own name or by its C function's: of the most similar the
/// first in the source; null if none is.
const ast::Predicate *Resolver::similarPredicate(StringRef name) {
  const ast::Predicate *best = nullptr;
  unsigned bestDistance = similarityLimit(name);
  for (const auto &[own, predicate] : resolved.predicates) {
    const bool isFunction = predicate->function.text == name;
    const unsigned distance = isFunction ? 0 : name.edit_distance_insensitive(own, true, bestDistance);
    const bool isFirst = best && predicate->name.loc.getPointer() < best->name.loc.getPointer();
    if (distance < bestDistance || (distance == bestDistance && isFirst)) {
      best = predicate;
      bestDistance = distance;
    }
  }
  return best;
}

void Resolver::reportNoPredicate(const ast::Name &name) {
  auto claim = names.find(name.text);
  const ast::Predicate *meant = similarPredicate(name.text);
  if (claim == names.end() && meant)
    diagnostics.error(name.loc, "no predicate is named '" + name.text + "'")
        .note(meant->name.loc,
              "did you mean '" + meant->name.text + "', whose C function is '" + meant->function.text + "'?");
  else if (claim == names.end())
    diagnostics.error(name.loc,
                      "no predicate is named '" + name.text + "'; define it: typedef " + name.text + " <C function>;");
  else
    diagnostics.error(name.loc, "'" + name.text + "' is a " + claim->second.kind + ", not a predicate")
        .note(claim->second.loc, "it is a " + claim->second.kind + " here");
}

/// Adds the locks of `constraint` to those that its function holds.
void Resolver::addHolds(std::vector<const ast::LockUse *> &holds, const ast::Constraint &constraint) {
  for (const ast::LockUse &use : constraint.locks) {
    auto [known, isNew] = holdsByName.try_emplace({constraint.name.text, use.lock.text}, &use);
    if (isNew)
      holds.push_back(&use);
    else
      diagnostics
          .error(use.lock.loc,
                 "the constraint of '" + constraint.name.text + "' names lock '" + use.lock.text + "' twice")
          .note(known->second->lock.loc, "the first time is here");
  }
}

void Resolver::resolve(const ast::Constraint &constraint) {
  const ast::Name &name = constraint.name;
  bool isHandler = handlersByFunction.count(name.text);
  if (isHandler)
    return addHolds(handlerHolds[name.text], constraint);
  if (Function *function = lookup(name))
    addHolds(function->holds, constraint);
}

void Resolver::resolve(const ast::Handler &handler) {
  Handler ends{&handler, {}, {}};
  for (const ast::Name &element : handler.path)
    ends.path.push_back(lookup(element));
  resolved.handlers.push_back(std::move(ends));
}

void Resolver::resolve(const ast::BlockingDecl &decl) {
  Blocking blocking = decl.blocks ? Blocking::Blocking : Blocking::Nonblocking;
  for (const ast::Name &name : decl.names) {
    Function *function = lookup(name);
    if (!function)
      continue;
    if (function->isFlow()) {
      diagnostics.error(name.loc, "'" + name.text + "' is a flow; only nodes are declared to block or not")
          .note(function->name.loc, "the flow is defined here");
    } else if (function->blocking != Blocking::Unknown) {
      bool isSame = function->blocking == blocking;
      diagnostics
          .error(name.loc, "node '" + name.text + "' is declared " +
                               (isSame ? (decl.blocks ? "blocking twice" : "nonblocking twice")
                                       : "both blocking and nonblocking"))
          .note(function->blockingLoc, "the first declaration is here");
    } else {
      function->blocking = blocking;
      function->blockingLoc = name.loc;
    }
  }
}

void Resolver::run(const ast::Program &program) {
  auto forEach = [&](auto action) {
    for (const ast::Item &item : program.items)
      std::visit(action, item);
  };
  // At most one name for each item, mostly: growing by steps would hash them all over again.
  resolved.functionsByName.reserve(program.items.size());
  names.reserve(program.items.size());
  forEach([&](const auto &item) { declare(item); });
  for (const ast::Item &item : program.items)
    if (auto *constraint = std::get_if<ast::Constraint>(&item))
      for (const ast::LockUse &use : constraint->locks)
        declare(use);
    else if (auto *handler = std::get_if<ast::Handler>(&item))
      handlersByFunction.try_emplace(handler->function.text, handler);

  for (Function &function : resolved.functions)
    for (Case &definition : function.cases)
      resolve(definition);
  forEach([&](const auto &item) { resolve(item); });
  for (Function &function : resolved.functions) {
    checkStructName(function.name);
    auto handler = handlersByFunction.find(function.name.text);
    bool onlyHandles = handler != handlersByFunction.end() && !function.isFlow() && !function.isRun;
    if (onlyHandles)
      function.handler = handler->second;
    else
      claimCFunction(function);
  }
  for (Handler &handler : resolved.handlers) {
    const ast::Name &name = handler.syntax->function;
    claimCFunction(name, "handler");
    if (const Function *function = resolved.functionsByName.lookup(name.text); function && !function->handler)
      checkUnclaimed(name, "handler", {kindOf(*function), function->name.loc});
    handler.holds = handlerHolds.lookup(handler.syntax->function.text);
  }
}

void flux::frontend::resolveNames(const ast::Program &program, ResolvedProgram &resolved, Diagnostics &diagnostics) {
  Resolver(resolved, diagnostics).run(program);
}
