//===- Passes.h - Conversions out of the flux dialect ------------------------------------------------*- C++ -*-===//

#ifndef FLUX_CONVERSION_PASSES_H
#define FLUX_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace flux {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "flux/Conversion/Passes.h.inc"

} // namespace flux

#endif // FLUX_CONVERSION_PASSES_H
