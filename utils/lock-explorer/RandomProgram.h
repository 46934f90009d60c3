//===- RandomProgram.h - Small programs with much locking ---------------------------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_RANDOMPROGRAM_H
#define FLUX_UTILS_LOCKEXPLORER_RANDOMPROGRAM_H

#include <cstdint>
#include <string>

namespace explorer {

/// A correct program in Flux, the same for the same seed on every machine: 1 to 3 sources (some of them flows), up to
/// 5 locks of both modes and scopes, nested flows, dispatch with empty cases and without a catch-all, nodes that are
/// used several times, and handlers with paths and constraints. Everything can be reached from a source.
std::string randomProgram(uint64_t seed);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_RANDOMPROGRAM_H
