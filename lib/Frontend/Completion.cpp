//===- Completion.cpp - What may be written at a place of a .flux program ---------------------------------------===//
//
// The grammar is so flat that the tokens of the item before the place tell: its first word says which kind of item it
// is, the last one where in it the place is.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Frontend/Completion.h"
#include "Lexer.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/SourceMgr.h"
#include <optional>

using namespace flux;
using namespace flux::frontend;
using llvm::StringRef;
using Tokens = llvm::ArrayRef<Token>;

/// The tokens behind the last `;` of `text`, without the last one, which must be a word that ends the text: in a
/// comment or a string there is nothing.
static std::optional<std::vector<Token>> tokensOfItem(StringRef text, Diagnostics &diagnostics) {
  std::vector<Token> tokens;
  Lexer lexer(text, diagnostics);
  for (Token token = lexer.next(); !token.is(Token::End); token = lexer.next()) {
    if (token.is(';'))
      tokens.clear();
    else
      tokens.push_back(token);
  }
  if (tokens.empty() || !tokens.back().is(Token::Identifier) || tokens.back().text.end() != text.end())
    return std::nullopt;
  tokens.pop_back();
  return tokens;
}

static Completion inSource(Tokens tokens) {
  const Token &last = tokens.back();
  if (tokens.size() == 1)
    return {Completion::SourceFunctions, {}};
  if (last.is('{'))
    return {Completion::None, {"session"}};
  if (last.is(':'))
    return {Completion::SessionFunctions, {}};
  return {last.isArrow() ? Completion::Functions : Completion::None, {}};
}

static Completion inConstraint(Tokens tokens) {
  const Token &last = tokens.back();
  if (tokens.size() == 1)
    return {Completion::Constrainable, {}};
  if (last.is('('))
    return {Completion::None, {"program", "session"}};
  return {last.is('{') || last.is(',') ? Completion::Locks : Completion::None, {}};
}

static Completion inHandler(Tokens tokens) {
  const Token &last = tokens.back();
  if (tokens.size() == 1)
    return {Completion::None, {"error"}};
  if (tokens.size() == 2 || last.is('('))
    return {Completion::Functions, {}};
  if (last.is(Token::FatArrow))
    return {Completion::HandlerFunctions, {}};
  return {last.is(Token::ThinArrow) ? Completion::Constrainable : Completion::None, {}};
}

static Completion inSignature(Tokens tokens) {
  const Token &last = tokens.back();
  bool startsType = last.is('(') || last.is(',') || last.isWord("const");
  return {startsType ? Completion::Types : Completion::None, {}};
}

static Completion inCase(Tokens tokens) {
  const Token &last = tokens.back();
  if (last.is('[') || last.is(','))
    return {Completion::Predicates, {"_"}};
  bool startsLink = last.is('=') || last.is('(') || last.is(Token::ThinArrow);
  return {startsLink ? Completion::Functions : Completion::None, {}};
}

static Completion completeItem(Tokens tokens) {
  if (tokens.empty())
    return {Completion::Functions,
            {"include", "typedef", "source", "constraint", "atomic", "handle", "blocking", "nonblocking"}};
  const Token &first = tokens.front(), &last = tokens.back();
  bool nameFollows = tokens.size() == 1 || tokens[1].is(Token::Identifier);
  if (nameFollows && first.isWord("source"))
    return inSource(tokens);
  if (nameFollows && (first.isWord("constraint") || first.isWord("atomic")))
    return inConstraint(tokens);
  if (nameFollows && first.isWord("handle"))
    return inHandler(tokens);
  if (nameFollows && first.isWord("typedef"))
    return {tokens.size() == 2 ? Completion::PredicateFunctions : Completion::None, {}};
  if (nameFollows && (first.isWord("blocking") || first.isWord("nonblocking")))
    return {tokens.size() == 1 || last.is(',') ? Completion::Nodes : Completion::None, {}};
  if (tokens.size() == 1)
    return {};
  return tokens[1].is('(') ? inSignature(tokens) : inCase(tokens);
}

Completion flux::completeAfter(StringRef text) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler silence(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  // A letter behind the text makes what is begun there a word, and keeps it apart from the token before.
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy((text + "x").str()), llvm::SMLoc());
  StringRef buffer = sources.getMemoryBuffer(sources.getMainFileID())->getBuffer();
  Diagnostics diagnostics(sources, &context);
  std::optional<std::vector<Token>> tokens = tokensOfItem(buffer, diagnostics);
  return tokens ? completeItem(*tokens) : Completion();
}
