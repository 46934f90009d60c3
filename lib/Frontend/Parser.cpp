//===- Parser.cpp - From tokens to the syntax tree: items and chains --------------------------------------------===//

#include "Parser.h"
#include "flux/Dialect/Flux/IR/Rules.h"

using namespace flux;
using namespace flux::frontend;
using namespace flux::frontend::ast;
using llvm::SMLoc;
using llvm::SMRange;
using llvm::StringRef;
using llvm::Twine;

//===-------------------------------------------------------------------------------------------------------------===//
// Tokens
//===-------------------------------------------------------------------------------------------------------------===//

void Parser::consume() {
  previousEnd = token.endLoc();
  token = ahead;
  errorsBeforeAhead = lexer.numErrors();
  ahead = lexer.next();
}

bool Parser::consumeIf(char wanted) {
  if (!token.is(wanted))
    return false;
  consume();
  return true;
}

/// Reports that `what` is missing at `token`, unless the lexer has left something out of this item: that may be what is
/// missing.
bool Parser::expected(const Twine &what) {
  if (lexer.numErrors() != errorsBefore)
    return false;
  if (token.is(Token::End))
    diagnostics.error(previousEnd, "expected " + what + ", found the end of the file");
  else
    diagnostics.error(token.loc(), "expected " + what + ", found '" + token.text + "'");
  return false;
}

bool Parser::expect(char wanted, const Twine &where) {
  return consumeIf(wanted) || expected("'" + Twine(wanted) + "' " + where);
}

/// Parses the `;` behind `item`. If only that is missing at the end of a line, the next line is parsed as usual.
bool Parser::expectEnd(StringRef item) {
  if (consumeIf(';'))
    return true;
  StringRef between(previousEnd.getPointer(), token.loc().getPointer() - previousEnd.getPointer());
  bool isNextLine = between.contains('\n') || token.is(Token::End);
  if (!isNextLine)
    return expected("';' after " + item);
  if (lexer.numErrors() == errorsBefore)
    diagnostics.error(previousEnd, "expected ';' after " + item);
  return true;
}

bool Parser::parseName(Name &name, StringRef what) {
  if (!token.is(Token::Identifier) || token.text == "_")
    return expected(what);
  name = {token.text, token.loc()};
  consume();
  return true;
}

bool Parser::parseArrow(StringRef after) {
  if (!token.isArrow())
    return expected("'=>' or '->' after " + after);
  consume();
  return true;
}

/// Parses elements separated by commas and the closing `end`. At least one is needed.
bool Parser::parseList(char end, StringRef what, llvm::function_ref<bool()> parseElement) {
  do {
    if (!parseElement())
      return false;
  } while (consumeIf(','));
  return consumeIf(end) || expected("',' or '" + Twine(end) + "' after " + what);
}

/// Goes on behind the next `;`.
void Parser::recover() {
  while (!token.is(Token::End) && !token.is(';'))
    consume();
  consumeIf(';');
}

//===-------------------------------------------------------------------------------------------------------------===//
// Items
//===-------------------------------------------------------------------------------------------------------------===//

Program Parser::parse() {
  while (!token.is(Token::End) && !diagnostics.isExhausted()) {
    SMLoc begin = token.loc();
    bool isWhole = parseItem();
    program.extents.resize(program.items.size(), SMRange(begin, previousEnd));
    if (!isWhole)
      recover();
  }
  return std::move(program);
}

bool Parser::parseItem() {
  errorsBefore = errorsBeforeAhead;
  // A keyword is one only if what follows could not follow a name.
  bool nameFollows = ahead.is(Token::Identifier);
  if (token.isWord("include") && !ahead.is('(') && !ahead.is('=') && !ahead.is(':'))
    return parseInclude();
  if (token.isWord("typedef") && nameFollows)
    return parsePredicate();
  if (token.isWord("source") && nameFollows)
    return parseSource();
  if ((token.isWord("constraint") || token.isWord("atomic")) && nameFollows)
    return parseConstraint();
  if (token.isWord("handle") && nameFollows)
    return parseHandler();
  if ((token.isWord("blocking") || token.isWord("nonblocking")) && nameFollows)
    return parseBlocking(token.isWord("blocking"));

  Name name;
  if (!parseName(name, "a declaration"))
    return false;
  if (token.is('('))
    return parseSignature(name);
  if (token.is('=') || token.is(':'))
    return parseCase(name);
  if (!token.is(Token::Identifier))
    return expected("'(', ':' or '=' after '" + name.text + "'");
  if (ahead.is('('))
    return unexpectedAfter(name, "a signature begins with the node's name: it has no return type");
  StringRef keyword = keywordLike(name.text);
  return unexpectedAfter(name, keyword.empty() ? std::string() : "did you mean '" + keyword.str() + "'?");
}

/// The word that begins a declaration and that `name` may have been meant to be; empty if there is none.
StringRef Parser::keywordLike(StringRef name) {
  for (StringRef keyword :
       {"include", "typedef", "source", "constraint", "atomic", "handle", "blocking", "nonblocking"})
    if (name.edit_distance_insensitive(keyword, /*AllowReplacements=*/true, 3) <= 2)
      return keyword;
  return "";
}

/// Reports what stands behind a name that begins a declaration, and where to look for the mistake.
bool Parser::unexpectedAfter(const Name &name, StringRef hint) {
  if (lexer.numErrors() != errorsBefore)
    return false;
  auto report =
      diagnostics.error(token.loc(), "expected '(', ':' or '=' after '" + name.text + "', found '" + token.text + "'");
  if (!hint.empty())
    report.note(name.loc, hint);
  return false;
}

bool Parser::parseInclude() {
  consume();
  if (!token.is(Token::String))
    return expected("the header's name in double quotes after 'include'");
  Include include{token.text, token.loc()};
  if (std::string reason = whyNoHeader(include.header); !reason.empty()) {
    diagnostics.error(include.loc, reason);
    return false;
  }
  consume();
  program.items.push_back(include);
  return expectEnd("the header's name");
}

bool Parser::parsePredicate() {
  consume();
  Predicate predicate;
  if (!parseName(predicate.name, "the predicate's name after 'typedef'") ||
      !parseName(predicate.function, "the C function that tests the predicate"))
    return false;
  program.items.push_back(predicate);
  return expectEnd("the predicate's function");
}

bool Parser::parseSource() {
  consume();
  Source source;
  if (!parseName(source.function, "the source's function after 'source'") || (token.is('{') && !parseSession(source)) ||
      !parseArrow("the source") || !parseName(source.target, "the flow that the source starts"))
    return false;
  program.items.push_back(source);
  return expectEnd("the source's target");
}

/// `{session: function}`
bool Parser::parseSession(Source &source) {
  consume();
  if (!token.isWord("session"))
    return expected("'session' after '{'");
  consume();
  Name function;
  if (!expect(':', "after 'session'") || !parseName(function, "the session's C function"))
    return false;
  source.session = function;
  return expect('}', "after the session's function");
}

bool Parser::parseConstraint() {
  Constraint constraint;
  std::string keyword = ("'" + token.text + "'").str();
  consume();
  if (!parseName(constraint.name, "a node or a flow after " + keyword) || !expect(':', "after the constrained name") ||
      !expect('{', "before the locks of a constraint") || !parseList('}', "a lock", [&] {
        constraint.locks.emplace_back();
        return parseLock(constraint.locks.back());
      }))
    return false;
  program.items.push_back(std::move(constraint));
  return expectEnd("the constraint");
}

bool Parser::parseLock(LockUse &use) {
  if (!parseName(use.lock, "the name of a lock"))
    return false;
  if (consumeIf('?'))
    use.mode = LockMode::Read;
  else
    consumeIf('!');
  if (!consumeIf('('))
    return true;
  if (!token.isWord("program") && !token.isWord("session"))
    return expected("'program' or 'session' as the scope of a lock");
  use.scope = token.isWord("session") ? LockScope::Session : LockScope::Program;
  consume();
  return expect(')', "after the scope of a lock");
}

bool Parser::parseHandler() {
  consume();
  if (!token.isWord("error"))
    return expected("'error' after 'handle'");
  consume();
  Handler handler;
  if (!parseChain(handler.path))
    return false;
  if (token.is(Token::FatArrow)) {
    consume();
    if (!parseName(handler.function, "the handler's C function"))
      return false;
  } else if (handler.path.size() > 1) { // both arrows are allowed, so the last link is the handler
    handler.function = handler.path.back();
    handler.path.pop_back();
  }
  if (handler.function.text.empty())
    return expected("'=>' or '->' and the handler's C function");
  if (handler.path.empty()) {
    diagnostics.error(handler.function.loc, "a handler needs the node or flow whose errors it takes");
    return false;
  }
  program.items.push_back(std::move(handler));
  return expectEnd("the handler");
}

bool Parser::parseBlocking(bool blocks) {
  BlockingDecl decl{blocks, {}};
  consume();
  do {
    decl.names.emplace_back();
    if (!parseName(decl.names.back(), "the name of a node"))
      return false;
  } while (consumeIf(','));
  program.items.push_back(std::move(decl));
  return expectEnd("the list of nodes");
}

bool Parser::parseSignature(Name name) {
  Signature signature;
  signature.name = name;
  if (!parseArguments(signature.inputs) || !parseArrow("the inputs") || !parseArguments(signature.outputs))
    return false;
  program.items.push_back(std::move(signature));
  return expectEnd("the signature");
}

bool Parser::parseCase(Name name) {
  Case definition;
  definition.name = name;
  if (consumeIf(':') && !parsePattern(definition.pattern.emplace()))
    return false;
  if (!expect('=', "before the chain of flow '" + name.text + "'") || !parseChain(definition.chain))
    return false;
  if (token.is(Token::FatArrow)) {
    diagnostics.error(token.loc(), "the links of a chain are joined by '->', not by '=>'");
    return false;
  }
  program.items.push_back(std::move(definition));
  return expectEnd("the chain");
}

bool Parser::parsePattern(std::vector<Name> &pattern) {
  return expect('[', "before the pattern") && parseList(']', "a pattern", [&] {
           bool isWildcard = token.is('*') || token.isWord("_");
           Name &element = pattern.emplace_back(Name{"_", token.loc()});
           if (!isWildcard)
             return parseName(element, "'_', '*' or the name of a predicate");
           consume();
           return true;
         });
}

/// Parses a chain up to the first token that does not belong to it. Parentheses only group, so counting them is enough.
bool Parser::parseChain(std::vector<Name> &links) {
  std::vector<SMLoc> open; // the parentheses that are not closed yet
  bool needsLink = true;   // else an arrow, `)` or the end
  bool mayBeEmpty = true;  // nothing since the start of the chain or since `(`
  while (true) {
    if (needsLink && token.is('(')) {
      open.push_back(token.loc());
      mayBeEmpty = true;
    } else if (needsLink && token.is(Token::Identifier) && token.text != "_") {
      links.push_back({token.text, token.loc()});
      needsLink = false;
    } else if (token.is(')') && !open.empty() && (!needsLink || mayBeEmpty)) {
      open.pop_back();
      needsLink = false;
    } else if (!needsLink && token.is(Token::ThinArrow)) {
      needsLink = true;
      mayBeEmpty = false;
    } else {
      break;
    }
    consume();
  }
  if (needsLink && !mayBeEmpty)
    return expected("a node or a flow after '->'");
  if (needsLink && token.is(Token::ThinArrow))
    return expected("a node or a flow");
  if (open.empty())
    return true;
  diagnostics.error(open.back(), "this '(' has no matching ')'");
  return false;
}
