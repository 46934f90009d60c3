//===- Lexer.cpp - Tokens of .flux source text ------------------------------------------------------------------===//

#include "Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"

using namespace flux;
using namespace flux::frontend;
using llvm::SMLoc;
using llvm::StringRef;

static bool isIdentifierStart(char c) { return llvm::isAlpha(c) || c == '_'; }
static bool isIdentifierPart(char c) { return llvm::isAlnum(c) || c == '_'; }

bool Lexer::isText(StringRef buffer, Diagnostics &diagnostics) {
  auto place = [](const char *at) { return SMLoc::getFromPointer(at); };
  if (size_t nul = buffer.find('\0'); nul != StringRef::npos) {
    diagnostics.error(place(buffer.data() + nul), "a NUL byte stands here; this is not a .flux source file");
    return false;
  }
  if (llvm::isASCII(buffer))
    return true;
  auto *at = reinterpret_cast<const llvm::UTF8 *>(buffer.begin());
  if (!llvm::isLegalUTF8String(&at, reinterpret_cast<const llvm::UTF8 *>(buffer.end()))) {
    diagnostics.error(place(reinterpret_cast<const char *>(at)), "the text is not valid UTF-8 here");
    return false;
  }
  return true;
}

Token Lexer::next() {
  while (true) {
    rest = rest.drop_while(llvm::isSpace);
    if (rest.empty())
      return {Token::End, rest};
    if (skipComment())
      continue;
    char c = rest.front();
    if (isIdentifierStart(c))
      return take(Token::Identifier, rest.take_while(isIdentifierPart).size());
    if (llvm::isDigit(c))
      return take(Token::Number, rest.take_while(isIdentifierPart).size());
    if (c == '"')
      return takeString();
    if (rest.starts_with("->"))
      return take(Token::ThinArrow, 2);
    if (rest.starts_with("=>"))
      return take(Token::FatArrow, 2);
    if (rest.starts_with("::"))
      return take(Token::ColonColon, 2);
    if (StringRef(";,()[]{}<>=:*&?!-.").contains(c))
      return take(Token::Punctuation, 1);
    reportStray();
  }
}

void Lexer::error(SMLoc loc, const llvm::Twine &text) {
  ++errors;
  diagnostics.error(loc, text);
}

/// Skips a comment if one starts here. One that never ends takes the rest of the buffer with it.
bool Lexer::skipComment() {
  if (rest.starts_with("//")) {
    rest = rest.drop_until([](char c) { return c == '\n'; });
    return true;
  }
  if (!rest.starts_with("/*"))
    return false;
  size_t end = rest.find("*/", 2);
  if (end == StringRef::npos)
    error(here(), "this comment is never closed with '*/'");
  rest = end == StringRef::npos ? rest.take_back(0) : rest.drop_front(end + 2);
  return true;
}

/// Reports a character that starts no token, once for a run of such characters.
void Lexer::reportStray() {
  SMLoc loc = here();
  if (llvm::isASCII(rest.front())) {
    std::string shown = llvm::isPrint(rest.front()) ? llvm::formatv("'{0}'", rest.front()).str()
                                                    : llvm::formatv("control character {0:x}", int(rest.front())).str();
    error(loc, "unexpected " + shown + (rest.starts_with("#include") ? "; write: include \"header.h\";" : ""));
    rest = rest.drop_front();
    return;
  }
  error(loc, "names are written in ASCII; other characters may stand in comments and strings only");
  rest = rest.drop_until([](char c) { return llvm::isASCII(c) && !isIdentifierPart(c); });
}

Token Lexer::take(Token::Kind kind, size_t length) {
  Token token{kind, rest.take_front(length)};
  rest = rest.drop_front(length);
  return token;
}

Token Lexer::takeString() {
  StringRef text = rest.drop_front().take_until([](char c) { return c == '"' || c == '\n'; });
  bool isClosed = text.end() != rest.end() && *text.end() == '"';
  if (!isClosed)
    error(here(), "this string is never closed with '\"'");
  rest = rest.drop_front(1 + text.size() + isClosed);
  return {Token::String, text, isClosed};
}
