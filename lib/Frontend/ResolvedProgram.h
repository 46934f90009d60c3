//===- ResolvedProgram.h - A .flux program with its names resolved --------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_FRONTEND_RESOLVEDPROGRAM_H
#define FLUX_LIB_FRONTEND_RESOLVEDPROGRAM_H

#include "AST.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include <deque>

namespace flux::frontend {

struct Function;

/// One case of a flow, or the only definition of one without patterns.
struct Case {
  const ast::Case *syntax;
  std::vector<Function *> links; ///< parallel to syntax->chain; null where the name is unknown
};

/// A node or a flow.
struct Function {
  ast::Name name;
  const ast::Signature *signature = nullptr; ///< null for a flow whose chain gives its type
  std::vector<Case> cases;                   ///< empty for a node
  std::vector<const ast::LockUse *> holds;   ///< its constraint, as written
  Blocking blocking = Blocking::Unknown;
  llvm::SMLoc blockingLoc;
  bool isRun = false; ///< by a flow or a source
  /// Set for a node that is declared only because it handles errors. Such a node is never run by a flow.
  const ast::Handler *handler = nullptr;
  /// What it takes and produces: its signature's, or those of its chain's ends. Null until known.
  const std::vector<ast::Argument> *inputs = nullptr;
  const std::vector<ast::Argument> *outputs = nullptr;

  bool isFlow() const { return !cases.empty(); }
  bool isDispatch() const { return isFlow() && cases.front().syntax->pattern; }
};

struct Source {
  const ast::Source *syntax;
  Function *function;
  Function *target;
};

struct Handler {
  const ast::Handler *syntax;
  std::vector<Function *> path; ///< from the outside in
  /// The constraint of the handler's function.
  std::vector<const ast::LockUse *> holds;
};

/// Pointers into the tree and among the functions stay valid as long as the tree and this do.
struct ResolvedProgram {
  std::deque<Function> functions; ///< in order of first declaration
  llvm::DenseMap<llvm::StringRef, Function *> functionsByName;
  llvm::DenseMap<llvm::StringRef, const ast::Predicate *> predicates;
  llvm::MapVector<llvm::StringRef, const ast::LockUse *> locks; ///< at their first mention
  std::vector<Source> sources;
  std::vector<Handler> handlers;
  std::vector<Function *> calleesFirst; ///< every function behind all that it runs
};

} // namespace flux::frontend

#endif // FLUX_LIB_FRONTEND_RESOLVEDPROGRAM_H
