//===- ParseTypes.cpp - From tokens to the syntax tree: arguments and their C types -----------------------------===//

#include "BuiltinTypes.h"
#include "Parser.h"
#include "flux/Dialect/Flux/IR/Rules.h"

using namespace flux;
using namespace flux::frontend;
using namespace flux::frontend::ast;
using llvm::StringRef;

bool Parser::parseArguments(std::vector<Argument> &arguments) {
  if (!expect('(', "before the arguments"))
    return false;
  if (consumeIf(')'))
    return true;
  if (token.isWord("void") && ahead.is(')')) {
    diagnostics.error(token.loc(), "no arguments are written '()'");
    return false;
  }
  return parseList(')', "an argument", [&] { return parseArgument(arguments.emplace_back()); });
}

bool Parser::parseArgument(Argument &argument) {
  if (token.is('.')) {
    diagnostics.error(token.loc(), "a variable number of arguments cannot travel between nodes");
    return false;
  }
  CTypeSpelling type;
  type.loc = argument.typeLoc = token.loc();
  if (!parseType(type) || !parseArgumentName(argument, type))
    return false;
  argument.type = intern(std::move(type));
  return true;
}

/// Parses the name behind `type`, and reports types that C writes around the name.
bool Parser::parseArgumentName(Argument &argument, const CTypeSpelling &type) {
  auto refuse = [&](const llvm::Twine &text) {
    diagnostics.error(token.loc(), text);
    return false;
  };
  if (token.is('&'))
    return refuse("a reference cannot travel between nodes; pass a pointer");
  if (token.is('('))
    return refuse("a function pointer needs a typedef of its own in an included header");
  if (token.is(',') || token.is(')'))
    return refuse("the argument of type '" + type.text + "' has no name");
  if (!parseName(argument.name, "the name of an argument"))
    return false;
  if (token.is('['))
    return refuse("an array cannot travel between nodes; pass a pointer, or a struct that holds the array");
  if (type.pointers.empty() && type.base == "void" && type.isBuiltin) {
    diagnostics.error(argument.typeLoc, "argument '" + argument.name.text + "' cannot be of type 'void'");
    return false;
  }
  return true;
}

bool Parser::parseType(CTypeSpelling &type) {
  skipQualifiers(type.qualifiers);
  std::string written;
  if (!parseBaseType(type, written))
    return false;
  skipQualifiers(type.qualifiers);
  parsePointers(type);
  if (type.pointers.empty())
    type.qualifiers.clear(); // const of the argument itself, which no caller sees
  type.text = type.qualifiers + written + (type.pointers.empty() ? "" : " ") + type.pointers;
  return true;
}

static bool isQualifier(const Token &token) {
  return token.isWord("const") || token.isWord("volatile") || token.isWord("restrict") || token.isWord("__restrict");
}

/// Skips `const` and the like and adds those that matter to a pointer's target to `qualifiers`, in one order.
void Parser::skipQualifiers(std::string &qualifiers) {
  if (!isQualifier(token))
    return;
  bool isConst = StringRef(qualifiers).contains("const"), isVolatile = StringRef(qualifiers).contains("volatile");
  for (; isQualifier(token); consume()) {
    isConst |= token.isWord("const");
    isVolatile |= token.isWord("volatile");
  }
  qualifiers = std::string(isConst ? "const " : "") + (isVolatile ? "volatile " : "");
}

void Parser::parsePointers(CTypeSpelling &type) {
  while (consumeIf('*')) {
    type.pointers += '*';
    std::string qualifiers;
    skipQualifiers(qualifiers);
    if (token.is('*'))
      type.pointers += qualifiers;
  }
}

/// Parses what is qualified and pointed to. `written` keeps the keyword of `struct tag`, which equality ignores.
bool Parser::parseBaseType(CTypeSpelling &type, std::string &written) {
  if (token.is(Token::Identifier) && isArithmeticWord(token.text))
    return parseArithmeticType(type, written);
  bool isTagged = token.isWord("struct") || token.isWord("class") || token.isWord("union") || token.isWord("enum");
  if (isTagged) {
    written = (token.text + " ").str();
    consume();
  }
  if (token.is(Token::Identifier) && isCKeyword(token.text)) {
    diagnostics.error(token.loc(), "expected a C type, found the keyword '" + token.text + "'");
    return false;
  }
  if (!parseQualifiedName(type.base))
    return false;
  written += type.base;
  std::optional<StringRef> known = isTagged ? std::nullopt : canonicalOfStandardTypedef(type.base);
  type.isBuiltin = known.has_value();
  if (known)
    type.base = known->str();
  return true;
}

bool Parser::parseArithmeticType(CTypeSpelling &type, std::string &written) {
  llvm::SmallVector<StringRef, 4> words;
  while (token.is(Token::Identifier) && isArithmeticWord(token.text)) {
    words.push_back(token.text);
    written += (written.empty() ? "" : " ") + token.text.str();
    consume();
    skipQualifiers(type.qualifiers);
  }
  std::optional<StringRef> canonical = canonicalOfWords(words);
  if (!canonical) {
    diagnostics.error(type.loc, "'" + written + "' is not a C type");
    return false;
  }
  type.base = canonical->str();
  type.isBuiltin = true;
  return true;
}

/// `name`, `a::b`, `::a`, `a<b>::c`
bool Parser::parseQualifiedName(std::string &name) {
  if (token.is(Token::ColonColon)) {
    name = "::";
    consume();
  }
  while (true) {
    if (!token.is(Token::Identifier) || token.text == "_")
      return expected("a C type");
    name += token.text;
    consume();
    if (token.is('<') && !parseTemplateArguments(name))
      return false;
    if (!token.is(Token::ColonColon))
      return true;
    name += "::";
    consume();
  }
}

/// Takes everything up to the `>` that closes the `<` at `token`.
bool Parser::parseTemplateArguments(std::string &name) {
  llvm::SMLoc open = token.loc();
  unsigned depth = 0;
  bool afterWord = false;
  do {
    bool isWord = token.is(Token::Identifier) || token.is(Token::Number);
    bool isPart = isWord || token.is(Token::ColonColon) ||
                  (token.is(Token::Punctuation) && StringRef("<>,*&()[]").contains(token.text));
    if (!isPart) {
      diagnostics.error(open, "this '<' has no matching '>'");
      return false;
    }
    depth += token.is('<');
    depth -= token.is('>');
    if (isWord && afterWord)
      name += ' ';
    name += token.text;
    if (token.is(','))
      name += ' ';
    afterWord = isWord;
    consume();
  } while (depth > 0);
  return true;
}

/// The index of `type` in the program, added if it is new.
unsigned Parser::intern(CTypeSpelling type) {
  auto [entry, isNew] = typeIndex.try_emplace(type.text, program.types.size());
  if (isNew)
    program.types.push_back(std::move(type));
  return entry->second;
}
