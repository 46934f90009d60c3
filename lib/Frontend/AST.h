//===- AST.h - A .flux program as it was written -----------------------------------------------------*- C++ -*-===//
//
// One struct per item of the grammar. Text points into the source buffer, which outlives the tree; parentheses of
// chains are gone, since composition is associative.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_LIB_FRONTEND_AST_H
#define FLUX_LIB_FRONTEND_AST_H

#include "flux/Dialect/Flux/IR/Flux.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SMLoc.h"
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace flux::frontend::ast {

struct Name {
  llvm::StringRef text;
  llvm::SMLoc loc;
};

/// `include "header.h";`
struct Include {
  llvm::StringRef header;
  llvm::SMLoc loc;
};

/// `typedef name function;`
struct Predicate {
  Name name;
  Name function;
};

/// A C type, taken apart as far as its layout asks: what it is made from, and what stands between that and the name.
struct CTypeSpelling {
  std::string text;       ///< all of it, in normal spacing and without qualifiers of the argument itself
  std::string qualifiers; ///< of the base, each with a space behind it: `const `
  std::string base;       ///< canonical if `isBuiltin`, else the name as it is written, without `struct`
  std::string pointers;   ///< empty, or such as `**` and `*const *`
  bool isBuiltin = false;
  llvm::SMLoc loc; ///< where the program first mentions it
};

struct Argument {
  unsigned type; ///< index in Program::types
  llvm::SMLoc typeLoc;
  Name name;
};

/// `name (inputs) => (outputs);`
struct Signature {
  Name name;
  std::vector<Argument> inputs;
  std::vector<Argument> outputs;
};

/// `source function {session: session} => target;`
struct Source {
  Name function;
  std::optional<Name> session;
  Name target;
};

/// `name = chain;` or `name:[pattern] = chain;`, one case of a flow. Wildcards of the pattern are `_`.
struct Case {
  Name name;
  std::optional<std::vector<Name>> pattern;
  std::vector<Name> chain;
};

struct LockUse {
  Name lock;
  LockMode mode = LockMode::Write;
  LockScope scope = LockScope::Program;
};

/// `constraint name:{locks};`
struct Constraint {
  Name name;
  std::vector<LockUse> locks;
};

/// `handle error path => function;`
struct Handler {
  std::vector<Name> path;
  Name function;
};

/// `blocking names;` or `nonblocking names;`
struct BlockingDecl {
  bool blocks;
  std::vector<Name> names;
};

using Item = std::variant<Include, Predicate, Signature, Source, Case, Constraint, Handler, BlockingDecl>;

struct Program {
  std::vector<Item> items;            ///< in textual order
  std::vector<llvm::SMRange> extents; ///< of each item, from its first character to its last
  std::vector<CTypeSpelling> types;   ///< each once, in order of first mention
};

} // namespace flux::frontend::ast

#endif // FLUX_LIB_FRONTEND_AST_H
