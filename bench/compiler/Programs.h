//===- Programs.h - Large programs to measure the compiler with ---------------------------------------*- C++ -*-===//

#ifndef FLUX_BENCH_COMPILER_PROGRAMS_H
#define FLUX_BENCH_COMPILER_PROGRAMS_H

#include <string>

namespace bench {

/// In which order a program takes its locks.
enum class LockOrder { Consistent, Inverted };

/// A program in Flux with this many nodes, the same every time: 50 layers of flows, each of which runs ten nodes of its
/// own and two flows of the next layer, so that flows are entered in many contexts. There are 1,000 locks, 20 for each
/// layer; every third node and every tenth flow has a constraint. Where the order is consistent, half of a layer's
/// locks are for flows and half for nodes; where it is inverted, each is for both, so that every layer has circles.
std::string layeredProgram(unsigned nodes, LockOrder order);

/// A program that is large in one way, as shapes.py writes it.
std::string shapedProgram(const std::string &shape, unsigned size);

} // namespace bench

#endif // FLUX_BENCH_COMPILER_PROGRAMS_H
