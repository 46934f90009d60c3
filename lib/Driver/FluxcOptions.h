//===- FluxcOptions.h - The command line of fluxc ----------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_DRIVER_FLUXCOPTIONS_H
#define FLUX_LIB_DRIVER_FLUXCOPTIONS_H

#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"

namespace flux {

enum FluxcOption {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "FluxcOptions.inc"
#undef OPTION
};

/// The options of FluxcOptions.td.
const llvm::opt::OptTable &fluxcOptions();

} // namespace flux

#endif // FLUX_LIB_DRIVER_FLUXCOPTIONS_H
