//===- ProgramIndex.h - What the names of a .flux program stand for, and where they are -------------*- C++ -*-===//
//
// What editors ask about a program. Text is part of the main buffer of the import, so that it says where a name is as
// well as what it is.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_FRONTEND_PROGRAMINDEX_H
#define FLUX_FRONTEND_PROGRAMINDEX_H

#include "flux/Dialect/Flux/IR/Flux.h"
#include "llvm/ADT/StringRef.h"
#include <deque>
#include <string>
#include <vector>

namespace flux {

/// A thing with a name.
struct Symbol {
  enum Kind { Node, Flow, Predicate, Lock, PredicateFunction, SessionFunction, HandlerFunction, Undeclared };

  Kind kind;
  llvm::StringRef name;
  /// Of a node or a flow `(int socket) => (char *request)`, of a C function its prototype; empty if it is not known.
  std::string signature;
  std::vector<llvm::StringRef> definitions; ///< every case of a flow; the first mention of a lock or a C function
  std::vector<llvm::StringRef> mentions;    ///< in textual order, with the definitions
  llvm::StringRef function;                 ///< that tests the predicate
  std::vector<llvm::StringRef> handlers;    ///< that take the errors of the node or flow
  LockScope scope = LockScope::Program;     ///< of the lock
  Blocking blocking = Blocking::Unknown;    ///< as the node is declared

  bool isFunction() const { return kind == Node || kind == Flow; }
  /// Whether it is a C function without a name of its own in the program.
  bool isCFunction() const { return kind >= PredicateFunction && kind <= HandlerFunction; }
};

/// The names of all items that are well formed. Built whether or not the program breaks the rules of the language.
struct ProgramIndex {
  /// One lock of one constraint.
  struct Hold {
    const Symbol *owner;
    const Symbol *lock;
    LockMode mode;
  };
  /// What stands between two semicolons.
  struct Item {
    enum Kind { Include, Predicate, Signature, Source, Case, Constraint, Handler, Blocking };
    Kind kind;
    llvm::StringRef name;   ///< that the item is about
    llvm::StringRef extent; ///< from its first character to its last
  };
  struct Mention {
    llvm::StringRef text;
    const Symbol *symbol;
  };

  /// The mention that holds the character at `place`, or that ends there; null if there is none.
  const Mention *mentionAt(const char *place) const;
  /// The item that holds the character at `place`; null if there is none.
  const Item *itemAt(const char *place) const;

  std::deque<Symbol> symbols; ///< at addresses that stay
  std::vector<Mention> mentions;
  std::vector<Item> items;
  std::vector<Hold> holds;
  std::vector<std::string> types; ///< C types as the program writes them
};

} // namespace flux

#endif // FLUX_FRONTEND_PROGRAMINDEX_H
