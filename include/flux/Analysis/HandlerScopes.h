//===- HandlerScopes.h - Which handlers an error may find, and under which flows ----------------------*- C++ -*-===//

#ifndef FLUX_ANALYSIS_HANDLERSCOPES_H
#define FLUX_ANALYSIS_HANDLERSCOPES_H

#include "flux/Dialect/Flux/IR/Flux.h"
#include <map>

namespace flux {

/// The handlers of a program by the function whose errors they take, and the ways through flows that lead to them.
///
/// `handle error F -> P => H` applies while F is running. Each such way, and each way that it begins with, is a bit of
/// a mask, set while all flows of the way are running, one inside the other.
class HandlerScopes {
public:
  explicit HandlerScopes(mlir::ModuleOp program);

  /// The handlers for errors of `function` in the order in which they are asked: longest path first, then textual
  /// order.
  llvm::ArrayRef<HandlerOp> handlersOf(llvm::StringRef function) const;

  /// A way through flows as a bit.
  struct ScopeBit {
    uint64_t bit;
    uint64_t outer; ///< the bit of the way without its last flow, 0 if there is none
  };
  /// The bits that entering `flow` may set.
  llvm::ArrayRef<ScopeBit> scopeBitsOf(llvm::StringRef flow) const;

  /// The bit that must be set for `handler` to apply; 0 if it always does. Nothing if there were no bits left for it.
  std::optional<uint64_t> scopeOf(HandlerOp handler) const;

private:
  uint64_t scopeBitFor(llvm::ArrayRef<llvm::StringRef> way);

  llvm::StringMap<llvm::SmallVector<HandlerOp>> handlers;
  llvm::StringMap<llvm::SmallVector<ScopeBit>> scopeBits;
  std::map<std::vector<llvm::StringRef>, uint64_t> ways;
};

} // namespace flux

#endif // FLUX_ANALYSIS_HANDLERSCOPES_H
