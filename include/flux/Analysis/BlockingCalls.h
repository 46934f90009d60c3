//===- BlockingCalls.h - What the C functions of a program may block on -------------------------------*- C++ -*-===//
//
// A call of a function of the C and C++ libraries is judged by what KnownFunctions.def says of it; a call that leads to
// code which is not there (another library, a pointer) may block.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_BLOCKINGCALLS_H
#define FLUX_ANALYSIS_BLOCKINGCALLS_H

#include "flux/Analysis/CodePlace.h"
#include "flux/Analysis/NodeCode.h"
#include <optional>

namespace flux {

/// A call that may block, and how a function comes to it.
struct BlockingCall {
  enum class Kind {
    Known,     ///< of a function that blocks
    Unknown,   ///< of a function of which nothing is known
    Foreign,   ///< of a function that has a known name, but may be another one
    CallsBack, ///< of a function that may call what the program has told the library to
    Denied,    ///< of any function, in one whose attributes say that it makes no such call
    Pointer,   ///< through a pointer
    Assembly,  ///< inline assembly
  };
  Kind kind;
  /// The functions in between, outermost first, as C and C++ name them; the one that is asked about is not among them.
  std::vector<std::string> by;
  std::string callee;  ///< empty if it is Pointer or Assembly
  std::string through; ///< of CallsBack: how the program tells
  CodePlace where;
  bool isLast = false; ///< the process ends behind it

  /// As a clause: `it calls 'save', which calls 'fsync' (store.c:12)`.
  std::string describe() const;
};

/// The nearest call of `function`, whose code must be there, that may block, or nothing if it never does. What is
/// known to block comes before what is only not known.
std::optional<BlockingCall> findBlockingCall(const NodeCode &code, llvm::StringRef function);

} // namespace flux

#endif // FLUX_ANALYSIS_BLOCKINGCALLS_H
