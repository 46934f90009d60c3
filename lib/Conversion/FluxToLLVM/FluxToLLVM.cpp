//===- FluxToLLVM.cpp - Lowers a Flux program to the llvm dialect ------------------------------------------------===//
//
// Flows become functions, sources become pairs of functions, and the program becomes a constant descriptor; see
// FunctionBuilder.h for what a call turns into. The new functions are made in a module of their own, which takes the
// place of the program's body at the end: the flux ops are never seen half converted.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Lowering.h"
#include "flux/Conversion/Passes.h"

namespace flux {
#define GEN_PASS_DEF_CONVERTFLUXTOLLVM
#include "flux/Conversion/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

struct ConvertFluxToLLVM : flux::impl::ConvertFluxToLLVMBase<ConvertFluxToLLVM> {
  using ConvertFluxToLLVMBase::ConvertFluxToLLVMBase;

  void runOnOperation() override {
    if (failed(verifyIsProgram(getOperation())))
      return signalPassFailure();
    Lowering lowering(getOperation(), debug, exceptions);
    if (failed(lowering.collect()))
      return signalPassFailure();
    for (FlowOp flow : getOperation().getOps<FlowOp>())
      lowerFlow(lowering, flow);
    for (auto [index, source] : llvm::enumerate(getOperation().getOps<SourceOp>()))
      lowerSource(lowering, source, index);
    buildDescriptor(lowering);

    getOperation()->removeAttr(FluxDialect::modelsAttr); // The descriptor says it now.
    Block *body = getOperation().getBody();
    body->clear();
    body->getOperations().splice(body->end(), lowering.output->getBody()->getOperations());
  }
};

} // namespace
