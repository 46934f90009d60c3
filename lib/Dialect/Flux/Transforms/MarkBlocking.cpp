//===- MarkBlocking.cpp - Has the execution model run the nodes that are declared blocking -----------------------===//
//
// Only what is declared counts. What is inferred says that a node may block, and of many that is all that one knows;
// sending each of them through the model would cost the many for the sake of the few.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"

namespace flux {
#define GEN_PASS_DEF_FLUXMARKBLOCKING
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

struct MarkBlocking : flux::impl::FluxMarkBlockingBase<MarkBlocking> {
  void runOnOperation() override {
    if (failed(verifyIsProgram(getOperation())))
      return signalPassFailure();
    for (NodeOp node : getOperation().getOps<NodeOp>())
      if (node.getBlocking() == Blocking::Blocking)
        node.setByModel(true);
  }
};

} // namespace
