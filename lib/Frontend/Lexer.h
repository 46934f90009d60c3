//===- Lexer.h - Tokens of .flux source text ----------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_FRONTEND_LEXER_H
#define FLUX_LIB_FRONTEND_LEXER_H

#include "Diagnostics.h"
#include "llvm/ADT/StringRef.h"

namespace flux::frontend {

struct Token {
  enum Kind { End, Identifier, Number, String, ThinArrow, FatArrow, ColonColon, Punctuation };

  Kind kind = End;
  llvm::StringRef text; ///< as written; without its quotes for a string
  bool isClosed = true; ///< false for a string whose second quote is missing

  bool is(Kind wanted) const { return kind == wanted; }
  bool is(char wanted) const { return kind == Punctuation && text.front() == wanted; }
  bool isWord(llvm::StringRef wanted) const { return kind == Identifier && text == wanted; }
  bool isArrow() const { return kind == ThinArrow || kind == FatArrow; }
  llvm::SMLoc loc() const { return llvm::SMLoc::getFromPointer(text.data() - (kind == String)); }
  llvm::SMLoc endLoc() const { return llvm::SMLoc::getFromPointer(text.end() + (kind == String && isClosed)); }
};

/// Splits a buffer into tokens. What no token can start with is reported and left out, so that parsing goes on behind
/// it. Flux has no reserved words: a keyword is an identifier in the place of a keyword.
class Lexer {
public:
  Lexer(llvm::StringRef buffer, Diagnostics &diagnostics) : buffer(buffer), rest(buffer), diagnostics(diagnostics) {
    rest.consume_front("\xef\xbb\xbf"); // a byte order mark says nothing that UTF-8 does not
  }

  /// Reports a buffer that is no text; the lexer is not to be used on it.
  static bool isText(llvm::StringRef buffer, Diagnostics &diagnostics);

  Token next();

  /// How much has been left out so far.
  unsigned numErrors() const { return errors; }

private:
  bool skipComment();
  void reportStray();
  void error(llvm::SMLoc loc, const llvm::Twine &text);
  Token take(Token::Kind kind, size_t length);
  Token takeString();
  llvm::SMLoc here() const { return llvm::SMLoc::getFromPointer(rest.begin()); }

  llvm::StringRef buffer;
  llvm::StringRef rest;
  Diagnostics &diagnostics;
  unsigned errors = 0;
};

} // namespace flux::frontend

#endif // FLUX_LIB_FRONTEND_LEXER_H
