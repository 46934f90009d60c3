/// support.h - a small program and a counting model, for tests that call the runtime from inside.
#ifndef FLUX_TEST_SUPPORT_H
#define FLUX_TEST_SUPPORT_H

#include "core/model.h"
#include "core/os/sanitizers.h"
#include "core/runtime.h"
#include "flux/rt/entry_points.h"
#include "flux/rt/program.h"

#include <atomic>
#include <chrono>
#include <new>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <vector>

namespace flux {
#define FLUX_MODEL(NAME, BIT, TRAITS, SUMMARY) extern const Model NAME##Model;
#include "flux/rt/models.def"
} // namespace flux

namespace flux_test {

/// What the tests run under: ThreadSanitizer; any sanitizer, which makes them several times slower.
#ifdef FLUX_TSAN
constexpr bool kUnderTsan = true;
#else
constexpr bool kUnderTsan = false;
#endif
#ifdef FLUX_ASAN
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = kUnderTsan;
#endif

/// Every model there is.
constexpr const flux::Model *allModels[] = {
#define FLUX_MODEL(NAME, BIT, TRAITS, SUMMARY) &flux::NAME##Model,
#include "flux/rt/models.def"
};

/// Indices into the test program.
enum Function : int32_t { kNodeA, kNodeB, kFlowF, kNumFunctions };
enum Lock : int32_t { kLockX, kLockY, kSessionS, kSessionT, kNumLocks };

/// A program with the functions and locks above and no source. It has two stretches: A, F, B, and behind F, within the
/// first, B.
extern const flux_ir_program_t testProgram;

/// How many flows have begun to wait for a lock since the process began.
extern std::atomic<int> flowsParked;

/// Sets the runtime up with the test program and a model that blocks threads and counts in `flowsParked`. Once per
/// process, by every test that needs it.
void useTestProgram();

/// Makes an object, for good, that this process and those that it forks share. Void of destructors and pointers.
template <typename T> T &makeShared() {
  void *memory = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return *new (memory) T();
}

/// Options that make a server on `model` the same on every machine.
std::vector<std::string> optionsFor(const flux::Model &model);

/// Waits until `condition` holds. A test that waits in vain is ended by ctest's time limit.
template <typename F> void waitUntil(F condition) {
  while (!condition())
    std::this_thread::sleep_for(std::chrono::microseconds(50));
}

/// A context for the life of a scope.
class ScopedContext {
public:
  explicit ScopedContext(int64_t session = 0) : context(flux::createContext()) { context->head.session = session; }
  ~ScopedContext() { flux::destroyContext(context); }
  ScopedContext(const ScopedContext &) = delete;
  ScopedContext &operator=(const ScopedContext &) = delete;

  flux::Context *operator->() const { return context; }
  flux::Context &operator*() const { return *context; }
  flux_ir_context *head() const { return &context->head; }

private:
  flux::Context *context;
};

} // namespace flux_test

#endif // FLUX_TEST_SUPPORT_H
