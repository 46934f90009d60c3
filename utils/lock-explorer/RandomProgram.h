//===- RandomProgram.h - Small programs with much locking ---------------------------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_RANDOMPROGRAM_H
#define FLUX_UTILS_LOCKEXPLORER_RANDOMPROGRAM_H

#include <cstdint>
#include <string>

namespace explorer {

/// A correct program in Flux, the same for the same seed on every machine. Of ten
///   - four have 1 to 3 sources (some of them flows), up to 8 locks of both modes and scopes, up to 11 nested flows,
///     dispatch with empty cases and without a catch-all, nodes that are used several times, and handlers with paths
///     and constraints. Everything can be reached from a source.
///   - three come from the program whose circle needs one place twice, by up to 5 changes.
///   - three are regions within regions, of up to 8 locks (GatedProgram.h).
std::string randomProgram(uint64_t seed);

/// The same for programs that are small enough to be run in every order on event loops: half are regions within
/// regions, a fourth comes from a program with a flow that is seldom seen to park, and a fourth is as above.
std::string randomLoopProgram(uint64_t seed);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_RANDOMPROGRAM_H
