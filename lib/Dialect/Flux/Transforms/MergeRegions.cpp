//===- MergeRegions.cpp - Neighbouring regions that hold the same locks become one -------------------------------===//
//
// Two neighbouring regions that hold the same locks in the same modes become one: nothing runs between them, so that
// giving the locks back and taking them again only costs. Whatever is inside keeps its place and order. No lock is held
// around an acquisition that it was not held around before, so a proof made before stays true. A block is gone through
// once, and each step takes one region out of it.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "mlir/IR/PatternMatch.h"

namespace flux {
#define GEN_PASS_DEF_FLUXMERGEREGIONS
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

struct MergeRegions : flux::impl::FluxMergeRegionsBase<MergeRegions> {
  void runOnOperation() override;
};

} // namespace

static void report(ConstrainedOp first, ConstrainedOp second) {
  InFlightDiagnostic remark = mlir::emitRemark(second.getLoc(), "these locks stay held from the region before");
  remark.attachNote(first.getLoc()) << "which holds the same";
}

/// Moves what is in `second` behind what is in `first`; returns the region that has both.
static ConstrainedOp merge(ConstrainedOp first, ConstrainedOp second) {
  Block &body = first.getBody().front(), &rest = second.getBody().front();
  SmallVector<Value> before(first.getResults()), inside(body.getTerminator()->getOperands());
  llvm::append_range(before, second.getResults());
  llvm::append_range(inside, rest.getTerminator()->getOperands());

  IRRewriter rewriter(first.getContext());
  rewriter.eraseOp(body.getTerminator());
  rewriter.mergeBlocks(&rest, &body);
  // What the second takes from the first is now in the same region; only what others use leaves it.
  SmallVector<Value> leaving, results;
  for (auto [result, value] : llvm::zip_equal(before, inside)) {
    rewriter.replaceUsesWithIf(result, value, [&](OpOperand &use) { return first->isAncestor(use.getOwner()); });
    if (!result.use_empty()) {
      leaving.push_back(result);
      results.push_back(value);
    }
  }
  cast<YieldOp>(body.getTerminator()).getOperandsMutable().assign(results);

  rewriter.setInsertionPoint(second);
  auto both = ConstrainedOp::create(rewriter, first.getLoc(), TypeRange(ValueRange(results)), first.getHolds());
  both.getBody().takeBody(first.getBody());
  for (auto [result, value] : llvm::zip_equal(leaving, both.getResults()))
    rewriter.replaceAllUsesWith(result, value);
  rewriter.eraseOp(second);
  rewriter.eraseOp(first);
  return both;
}

static void mergeNeighbours(Block &block) {
  ConstrainedOp previous;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    auto region = dyn_cast<ConstrainedOp>(op);
    if (previous && region && previous.getHolds() == region.getHolds()) {
      report(previous, region);
      region = merge(previous, region);
    }
    previous = region;
  }
}

void MergeRegions::runOnOperation() {
  if (failed(verifyIsProgram(getOperation())))
    return signalPassFailure();
  getOperation().walk<WalkOrder::PreOrder>([](Operation *op) {
    if (isa<FlowOp, ConstrainedOp, DispatchOp>(op))
      for (Region &region : op->getRegions())
        mergeNeighbours(region.front());
  });
}
