//===- ImmediateCalls.h - Calls that do not wait, for what they are given -----------------------------*- C++ -*-===//

#ifndef FLUX_LIB_ANALYSIS_IMMEDIATECALLS_H
#define FLUX_LIB_ANALYSIS_IMMEDIATECALLS_H

#include "llvm/ADT/StringRef.h"

namespace llvm {
class CallBase;
} // namespace llvm

namespace flux {

/// Whether this call of the library's function `callee` is seen to return at once, because of its arguments: a flag
/// like MSG_DONTWAIT, a time of 0, or a descriptor that its function has made non-blocking itself (ImmediateCalls.def).
/// What another function does to the descriptor meanwhile is not looked for.
bool returnsAtOnce(const llvm::CallBase &call, llvm::StringRef callee);

} // namespace flux

#endif // FLUX_LIB_ANALYSIS_IMMEDIATECALLS_H
