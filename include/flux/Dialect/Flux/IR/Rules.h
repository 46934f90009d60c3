//===- Rules.h - The rules of Flux programs, in words -------------------------------------------------*- C++ -*-===//
//
// A program is refused for the same reasons and with the same words whether it comes as .flux source or as IR. What the
// words say is decided here where it is about a text alone; where it is about several parts of a program, the front end
// finds them in its tree and the dialect's verifiers in theirs.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_DIALECT_FLUX_IR_RULES_H
#define FLUX_DIALECT_FLUX_IR_RULES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include <string>

namespace flux {

//===-------------------------------------------------------------------------------------------------------------===//
// Names
//===-------------------------------------------------------------------------------------------------------------===//

/// Whether `name` is a keyword of C11 or C++17 and so cannot name a function or a field of the generated header.
bool isCKeyword(llvm::StringRef name);

/// Whether `text` can be a name at all: letters, digits and `_` that begin with no digit, and not `_` alone.
bool isName(llvm::StringRef text);

/// Whether the importer made the flow called `name` around a node: what a source names may be a node with a constraint,
/// so that there is a flow around it, `Node.flow` or `Node.source`, which no program could name.
bool isWrapper(llvm::StringRef name);

/// The name of the node that the importer made the flow called `name` around, or `name` itself.
llvm::StringRef withoutWrapper(llvm::StringRef name);

/// The node or flow to which the generated header would give a struct of this name; empty if it looks like none.
llvm::StringRef ownerOfStruct(llvm::StringRef name);

// Each returns why something cannot be, or an empty string if it can.

/// Of a C function that is a `kind`, such as `node` or `predicate's function`.
std::string whyNoCFunction(llvm::StringRef name, llvm::StringRef kind);
/// Of a name of the program that C never sees, a `kind` of thing.
std::string whyNoName(llvm::StringRef name, llvm::StringRef kind);
/// Of an input or output.
std::string whyNoField(llvm::StringRef name);
/// Of a header that the program includes.
std::string whyNoHeader(llvm::StringRef name);

/// Whether the header of a program can declare a field of a type that is spelled like this. Whether there is such a
/// type is for a C compiler to say.
bool isTypeSpelling(llvm::StringRef spelling);

//===-------------------------------------------------------------------------------------------------------------===//
// What is wrong between the parts of a program
//===-------------------------------------------------------------------------------------------------------------===//

/// `side` is `inputs` or `outputs`.
std::string sayFieldTwice(llvm::StringRef side, llvm::StringRef name);
std::string sayStructName(llvm::StringRef name, llvm::StringRef owner);
/// A C function is of two kinds.
std::string sayTwoKinds(llvm::StringRef function, llvm::StringRef kind, llvm::StringRef other);
std::string saySourceTwice(llvm::StringRef function, llvm::StringRef target);
std::string sayNeverTaken(llvm::StringRef flow);
std::string sayOtherFieldType(llvm::StringRef predicate, llvm::StringRef taken, llvm::StringRef field,
                              llvm::StringRef type);
std::string sayBeforeSession(llvm::StringRef source, llvm::StringRef lock);
std::string sayNoSession(llvm::StringRef source, llvm::StringRef lock);
std::string sayHandledTwice(llvm::StringRef function);
std::string sayNeverWithin(llvm::StringRef inner, llvm::StringRef outer);
/// A handler's or a session's function, which is `what`, would get inputs that differ.
std::string sayServesTwo(llvm::StringRef what, llvm::StringRef function, llvm::StringRef first, llvm::StringRef second);

} // namespace flux

#endif // FLUX_DIALECT_FLUX_IR_RULES_H
