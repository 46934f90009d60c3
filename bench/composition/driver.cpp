/// driver.cpp - runs the chain many times, as the compiler composed it or as a programmer would, without a server
/// around.
///
///   driver flow|hand RUNS      prints the nanoseconds for a run, and a checksum
#include "chain.flux.h"
#include "flux/rt/entry_points.h"
#include "flux/rt/program.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern uint64_t checksum, dropped;
void runByHand(flux_ir_context *, void *input);

// All that the flow asks of a runtime when a node fails.
int32_t flux_ir_fail(flux_ir_context *cx, int32_t function, int32_t error) {
  cx->function = function;
  cx->error = error;
  return 1;
}
void flux_ir_skip(flux_ir_context *, int32_t) {}
void flux_ir_handled(flux_ir_context *) {}
void flux_ir_unhandled(flux_ir_context *) { abort(); }

int main(int argc, char **argv) {
  if (argc != 3 || (strcmp(argv[1], "flow") != 0 && strcmp(argv[1], "hand") != 0)) {
    fprintf(stderr, "usage: driver flow|hand RUNS\n");
    return 2;
  }
  const uint64_t runs = strtoull(argv[2], nullptr, 10);
  flux_ir_context cx = {};
  cx.counters = static_cast<flux_ir_counters *>(calloc(1, flux_ir_program.num_functions * sizeof(flux_ir_counters) +
                                                              flux_ir_program.num_stretches * sizeof(uint64_t)));
  // Both are called as a runtime would: through a pointer, with the input in memory.
  const auto run = argv[1][0] == 'f' ? flux_ir_program.sources[0].run : runByHand;
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t i = 0; i < runs; ++i) {
    Add_in input = {i * 0x9e3779b97f4a7c15, i};
    run(&cx, &input);
  }
  const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
  printf("%.3f ns a run, checksum %016llx, %llu dropped\n", time.count() / static_cast<double>(runs),
         static_cast<unsigned long long>(checksum), static_cast<unsigned long long>(dropped));
  free(cx.counters);
}
