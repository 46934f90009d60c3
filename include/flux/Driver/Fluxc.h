//===- Fluxc.h - The fluxc tool -----------------------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_DRIVER_FLUXC_H
#define FLUX_DRIVER_FLUXC_H

namespace flux {

/// Runs fluxc, which makes a server out of a .flux file and its nodes. Returns the exit status.
int runFluxc(int argc, char **argv);

} // namespace flux

#endif // FLUX_DRIVER_FLUXC_H
