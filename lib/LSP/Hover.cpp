//===- Hover.cpp - One .flux file as an editor shows it: what a name is -----------------------------------------===//

#include "Document.h"
#include "llvm/ADT/STLExtras.h"

using namespace flux;
using namespace flux::lsp;
using namespace llvm::lsp;
using llvm::StringRef;

static std::string inCode(StringRef language, const llvm::Twine &text) {
  return ("```" + language + "\n" + text + "\n```\n").str();
}

static std::string quoted(StringRef name) { return ("`" + name + "`").str(); }

/// The locks of a constraint, such as ``Holds `cache` to read (rank 0), `log` to write (rank 1).``
std::string Document::describeHolds(const Symbol &owner) const {
  std::string text;
  for (const ProgramIndex::Hold &hold : index.holds) {
    if (hold.owner != &owner)
      continue;
    text += (text.empty() ? "\nHolds " : ", ") + quoted(hold.lock->name);
    text += (" to " + stringifyLockMode(hold.mode)).str();
    if (hold.lock->scope == LockScope::Session)
      text += " in its session";
    if (auto rank = ranks.find(hold.lock->name); rank != ranks.end())
      text += " (rank " + std::to_string(rank->second) + ")";
  }
  return text.empty() ? "" : text + ".\n";
}

/// The lock's scope and place in the lock order, and each constraint that names it.
std::string Document::describeLock(const Symbol &lock) const {
  std::string text = lock.scope == LockScope::Session ? "Lock of each session" : "Lock of the program";
  if (auto rank = ranks.find(lock.name); rank != ranks.end())
    text += ", rank " + std::to_string(rank->second) + " of " + std::to_string(ranks.size()) + " in the lock order";
  text += ".\n\n";
  for (const ProgramIndex::Hold &hold : index.holds)
    if (hold.lock == &lock)
      text += "- " + quoted(hold.owner->name) + " takes it to " + stringifyLockMode(hold.mode).str() + "\n";
  return text;
}

/// The signature of a node or flow, its constraint, and where its errors go.
std::string Document::describeFunction(const Symbol &function) const {
  std::string text = inCode("flux", function.name + (function.signature.empty() ? "" : " " + function.signature));
  text += function.kind == Symbol::Node ? "Node" : "Flow";
  if (function.definitions.size() > 1)
    text += " of " + std::to_string(function.definitions.size()) + " cases";
  if (function.blocking != Blocking::Unknown)
    text += (", " + stringifyBlocking(function.blocking)).str();
  text += ".\n" + describeHolds(function);
  for (StringRef handler : function.handlers)
    text += "\nErrors go to " + quoted(handler) + ".\n";
  return text;
}

/// The C function that tests a predicate, with its prototype if a pattern tells it.
std::string Document::describePredicate(const Symbol &predicate) const {
  auto function = llvm::find_if(index.symbols, [&](const Symbol &other) {
    return other.name == predicate.function && other.kind == Symbol::PredicateFunction;
  });
  bool isKnown = function != index.symbols.end() && !function->signature.empty();
  return "Predicate, tested by the C function\n" +
         inCode("c", isKnown ? function->signature : predicate.function.str());
}

std::string Document::describe(const Symbol &symbol) const {
  switch (symbol.kind) {
  case Symbol::Node:
  case Symbol::Flow:
    return describeFunction(symbol);
  case Symbol::Predicate:
    return describePredicate(symbol);
  case Symbol::Lock:
    return describeLock(symbol);
  case Symbol::PredicateFunction:
  case Symbol::SessionFunction:
  case Symbol::HandlerFunction:
    return "C function\n" + inCode("c", symbol.signature.empty() ? symbol.name.str() : symbol.signature) +
           describeHolds(symbol);
  case Symbol::Undeclared:
    return "";
  }
  llvm_unreachable("not a kind of symbol");
}

std::optional<Hover> Document::hoverAt(Position position) const {
  const ProgramIndex::Mention *mention = index.mentionAt(positions.placeOf(position));
  if (!mention || mention->symbol->kind == Symbol::Undeclared)
    return std::nullopt;
  Hover hover(positions.rangeOf(mention->text));
  hover.contents.value = describe(*mention->symbol);
  return hover;
}
