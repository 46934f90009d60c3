#include "support.h"

#include "core/os/futex.h"
#include "core/threads/source_threads.h"

#include <mutex>

namespace flux_test {

static const flux_ir_function functions[kNumFunctions] = {
    {"A", "test.flux", 1, FLUX_IR_NODE}, {"B", "test.flux", 2, FLUX_IR_NODE}, {"F", "test.flux", 3, FLUX_IR_FLOW}};
static const flux_ir_lock locks[kNumLocks] = {{"x", 0, 0}, {"y", 0, 0}, {"s", 1, 0}, {"t", 1, 0}};

static const int32_t calls[] = {kNodeA, kFlowF, kNodeB, FLUX_IR_LAST_CALL, kNodeB, ~2};
static const int32_t stretches[] = {0, 4};

const flux_ir_program_t testProgram = {FLUX_IR_ABI_VERSION,
                                       sizeof(flux_ir_program_t),
                                       ~uint64_t(0),
                                       "test",
                                       kNumFunctions,
                                       functions,
                                       kNumLocks,
                                       locks,
                                       0,
                                       nullptr,
                                       0,
                                       2,
                                       stretches,
                                       calls};

std::atomic<int> flowsParked{0};

static void parkCounted(flux::Context &context) {
  ++flowsParked;
  flux::parkThread(context);
}

std::vector<std::string> optionsFor(const flux::Model &model) {
  // Loops that contend park nearly every flow, and ThreadSanitizer maps memory for each, which a process may do only so
  // often.
  if (model.bit == FLUX_IR_MODEL_percore)
    return {"--flux-cores=3", "--flux-max-flows=300"};
  return {};
}

static const flux::Model countingModel = {
    .name = "thread",
    .bit = FLUX_IR_MODEL_thread,
    .locks = &flux::threadLocks,
    .tails = flux::threadTails,
    .flows = {.park = parkCounted, .unpark = flux::unparkThread},
};

void useTestProgram() {
  static std::once_flag once;
  std::call_once(once, [] {
    flux::calibrateSpinning();
    flux::initRuntime(testProgram, countingModel);
  });
}

} // namespace flux_test
