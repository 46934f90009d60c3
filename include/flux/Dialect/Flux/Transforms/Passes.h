//===- Passes.h - Passes over the flux dialect ------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_DIALECT_FLUX_TRANSFORMS_PASSES_H
#define FLUX_DIALECT_FLUX_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace flux {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"

} // namespace flux

#endif // FLUX_DIALECT_FLUX_TRANSFORMS_PASSES_H
