//===- Completion.cpp - One .flux file as an editor shows it: what may be written -------------------------------===//

#include "flux/Frontend/Completion.h"
#include "Document.h"

using namespace flux;
using namespace flux::lsp;
using namespace llvm::lsp;
using llvm::StringRef;

static bool fits(const Symbol &symbol, Completion::Names names) {
  switch (names) {
  case Completion::Functions:
    return symbol.isFunction();
  case Completion::SourceFunctions:
    return symbol.isFunction() && (symbol.signature.empty() || StringRef(symbol.signature).starts_with("()"));
  case Completion::Nodes:
    return symbol.kind == Symbol::Node;
  case Completion::Constrainable:
    return symbol.isFunction() || symbol.kind == Symbol::HandlerFunction;
  case Completion::Predicates:
    return symbol.kind == Symbol::Predicate;
  case Completion::Locks:
    return symbol.kind == Symbol::Lock;
  case Completion::PredicateFunctions:
    return symbol.kind == Symbol::PredicateFunction;
  case Completion::SessionFunctions:
    return symbol.kind == Symbol::SessionFunction;
  case Completion::HandlerFunctions:
    return symbol.kind == Symbol::HandlerFunction;
  case Completion::None:
  case Completion::Types:
    return false;
  }
  llvm_unreachable("not a kind of completion");
}

static CompletionItemKind itemKindOf(Symbol::Kind kind) {
  switch (kind) {
  case Symbol::Node:
    return CompletionItemKind::Interface;
  case Symbol::Flow:
    return CompletionItemKind::Function;
  case Symbol::Predicate:
    return CompletionItemKind::Value;
  case Symbol::Lock:
    return CompletionItemKind::Constant;
  case Symbol::PredicateFunction:
  case Symbol::SessionFunction:
  case Symbol::HandlerFunction:
    return CompletionItemKind::Method;
  case Symbol::Undeclared:
    return CompletionItemKind::Text;
  }
  llvm_unreachable("not a kind of symbol");
}

CompletionList Document::completionsAt(Position position, StringRef newText) const {
  const char *place = TextPositions(newText).placeOf(position);
  Completion completion = completeAfter(StringRef(newText.begin(), place - newText.begin()));
  CompletionList list;
  for (const Symbol &symbol : index.symbols)
    if (fits(symbol, completion.names)) {
      list.items.emplace_back(symbol.name, itemKindOf(symbol.kind));
      list.items.back().detail = symbol.kind == Symbol::Predicate ? symbol.function.str() : symbol.signature;
    }
  if (completion.names == Completion::Types)
    for (const std::string &type : index.types)
      list.items.emplace_back(type, CompletionItemKind::Struct);
  for (StringRef keyword : completion.keywords)
    list.items.emplace_back(keyword, CompletionItemKind::Keyword);
  return list;
}
