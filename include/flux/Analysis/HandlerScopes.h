//===- HandlerScopes.h - Which handlers an error may find, and under which flows ----------------------*- C++ -*-===//

#ifndef FLUX_ANALYSIS_HANDLERSCOPES_H
#define FLUX_ANALYSIS_HANDLERSCOPES_H

#include "flux/Dialect/Flux/IR/Flux.h"
#include <map>

namespace flux {

/// The handlers of a program by the function whose errors they take, and the ways through flows that lead to them.
///
/// `handle error F -> P => H` applies while F is running. Each such way, and each way that it begins with, has a
/// number: its bit in a mask, set while all flows of the way are running, one inside the other.
class HandlerScopes {
public:
  explicit HandlerScopes(mlir::ModuleOp program);

  /// The handlers for errors of `function` in the order in which they are asked: longest path first, then textual
  /// order.
  llvm::ArrayRef<HandlerOp> handlersOf(llvm::StringRef function) const;

  /// A way through flows.
  struct Way {
    unsigned number;
    std::optional<unsigned> outer; ///< the way without its last flow, if there is one
  };
  /// The ways that end with entering `flow`.
  llvm::ArrayRef<Way> waysTo(llvm::StringRef flow) const;

  /// The way that must be running for `handler` to apply; nothing if it always does.
  std::optional<unsigned> wayOf(HandlerOp handler) const;

  /// How many ways there are; they are numbered from 0.
  unsigned numWays() const { return numbers.size(); }

private:
  unsigned addWay(llvm::ArrayRef<llvm::StringRef> way);

  llvm::StringMap<llvm::SmallVector<HandlerOp>> handlers;
  llvm::StringMap<llvm::SmallVector<Way>> ways; ///< by their last flow
  std::map<std::vector<llvm::StringRef>, unsigned> numbers;
};

} // namespace flux

#endif // FLUX_ANALYSIS_HANDLERSCOPES_H
