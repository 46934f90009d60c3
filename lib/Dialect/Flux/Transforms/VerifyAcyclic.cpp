//===- VerifyAcyclic.cpp - Checks that no flow reaches itself -----------------------------------------------------===//

#include "flux/Analysis/FlowGraph.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"

namespace flux {
#define GEN_PASS_DEF_FLUXVERIFYACYCLIC
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

struct VerifyAcyclic : flux::impl::FluxVerifyAcyclicBase<VerifyAcyclic> {
  void runOnOperation() override {
    if (failed(verifyIsProgram(getOperation())) || failed(verifyAcyclic(getAnalysis<FlowGraph>())))
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};

} // namespace
