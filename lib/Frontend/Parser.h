//===- Parser.h - From tokens to the syntax tree -----------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_FRONTEND_PARSER_H
#define FLUX_LIB_FRONTEND_PARSER_H

#include "AST.h"
#include "Diagnostics.h"
#include "Lexer.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"

namespace flux::frontend {

/// Parses one program. After an error it goes on behind the next `;`, so that one run shows the errors of several
/// items. Nothing recurses: time and stack do not depend on how deep the input is nested.
class Parser {
public:
  Parser(llvm::StringRef buffer, Diagnostics &diagnostics)
      : lexer(buffer, diagnostics), diagnostics(diagnostics), token(lexer.next()), ahead(lexer.next()),
        previousEnd(token.loc()) {}

  /// The items that are well formed; Diagnostics tells whether others are not.
  ast::Program parse();

private:
  // Each parses the construct of its name at `token` and returns false after it has reported an error.
  bool parseItem();
  bool parseInclude();
  bool parsePredicate();
  bool parseSource();
  bool parseSession(ast::Source &source);
  bool parseConstraint();
  bool parseLock(ast::LockUse &use);
  bool parseHandler();
  bool parseBlocking(bool blocks);
  bool parseSignature(ast::Name name);
  bool parseCase(ast::Name name);
  bool parsePattern(std::vector<ast::Name> &pattern);
  bool parseChain(std::vector<ast::Name> &links);

  bool parseArguments(std::vector<ast::Argument> &arguments);
  bool parseArgument(ast::Argument &argument);
  bool parseArgumentName(ast::Argument &argument, const ast::CTypeSpelling &type);
  bool parseType(ast::CTypeSpelling &type);
  bool parseBaseType(ast::CTypeSpelling &type, std::string &written);
  bool parseArithmeticType(ast::CTypeSpelling &type, std::string &written);
  bool parseQualifiedName(std::string &name);
  bool parseTemplateArguments(std::string &name);
  void parsePointers(ast::CTypeSpelling &type);
  void skipQualifiers(std::string &qualifiers);
  unsigned intern(ast::CTypeSpelling type);

  bool parseName(ast::Name &name, llvm::StringRef what);
  bool parseList(char end, llvm::StringRef what, llvm::function_ref<bool()> parseElement);
  bool parseArrow(llvm::StringRef after);
  bool expect(char wanted, const llvm::Twine &where);
  bool expectEnd(llvm::StringRef item);
  bool expected(const llvm::Twine &what);
  bool unexpectedAfter(const ast::Name &name, llvm::StringRef hint);
  static llvm::StringRef keywordLike(llvm::StringRef name);
  bool consumeIf(char wanted);
  void consume();
  void recover();

  Lexer lexer;
  Diagnostics &diagnostics;
  Token token;                    ///< the next to be parsed
  Token ahead;                    ///< the one behind it
  llvm::SMLoc previousEnd;        ///< the end of the last one parsed
  unsigned errorsBeforeAhead = 0; ///< the lexer's errors when `ahead` was read
  unsigned errorsBefore = 0;      ///< the same for the token behind the item's first
  ast::Program program;
  llvm::StringMap<unsigned> typeIndex; ///< of the text of each of program.types
};

} // namespace flux::frontend

#endif // FLUX_LIB_FRONTEND_PARSER_H
