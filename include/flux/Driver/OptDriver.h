//===- OptDriver.h - The flux-opt tool ----------------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_DRIVER_OPTDRIVER_H
#define FLUX_DRIVER_OPTDRIVER_H

namespace flux {

/// Runs flux-opt: mlir-opt with Flux's passes, on .flux as well as on .mlir. Returns the exit status.
int runOpt(int argc, char **argv);

} // namespace flux

#endif // FLUX_DRIVER_OPTDRIVER_H
