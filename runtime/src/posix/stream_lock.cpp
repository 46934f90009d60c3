#include "posix/stream_lock.h"

#include "core/os/real.h"
#include "posix/turns.h"

namespace flux {

namespace {

/// libc's lock, as it is in every program that was ever linked with it.
struct LibcLock {
  int word;
  int depth; // of the owner's locking: it counts from 0 or 1, by version
  void *owner;
};

LibcLock &lockOf(FILE &stream) { return *static_cast<LibcLock *>(stream._lock); }

/// Where the number of the fiber stands that has the lock: at the end of the stream, which no version of libc uses.
/// Valid while a thread with fibers has it; 0 then if the lock was taken within libc.
std::atomic_ref<uint32_t> fiberOf(FILE &stream) {
  static_assert(sizeof(FILE) == 216, "a layout that is not known");
  return std::atomic_ref(
      *reinterpret_cast<uint32_t *>(reinterpret_cast<char *>(&stream) + sizeof(FILE) - sizeof(uint32_t)));
}

bool isHeldHere(FILE &stream) {
  // Relaxed: other values than this thread's own come and go.
  return __atomic_load_n(&lockOf(stream).owner, __ATOMIC_RELAXED) == reinterpret_cast<void *>(pthread_self());
}

bool isOwn(const Fiber &fiber, FILE &stream) {
  return isHeldHere(stream) && fiberOf(stream).load(std::memory_order_relaxed) == fiber.id;
}

/// What the depth is of a lock that is taken once. Relaxed: a number, always the same one.
std::atomic<int> depthOfOne{0};

/// Takes what the flow does not have.
int tryLock(const Fiber &fiber, FILE &stream) {
  if (isHeldHere(stream) || real::ftrylockfile(&stream) != 0)
    return EBUSY;
  fiberOf(stream).store(fiber.id, std::memory_order_relaxed); // guarded by the lock
  if (const int depth = lockOf(stream).depth; depth != depthOfOne.load(std::memory_order_relaxed))
    depthOfOne.store(depth, std::memory_order_relaxed);
  return 0;
}

/// The same, waiting. Threads, and calls within libc, tell nobody when they give it back.
void lock(const Fiber &fiber, FILE &stream) {
  if (!isOthersTurn(&stream, 0) && tryLock(fiber, stream) == 0)
    return;
  Turn turn = {&stream};
  turn.isAnnounced = false;
  awaitTurn(turn, [&] { return tryLock(fiber, stream); });
}

void unlock(FILE &stream) {
  fiberOf(stream).store(0, std::memory_order_relaxed);
  real::funlockfile(&stream);
  if (mayBeAwaited(&stream, true))
    wake(&stream, 1);
}

} // namespace

void StreamLock::take(const Fiber &fiber, FILE *stream) {
  // Those within libc that stand for strings have no lock.
  if (!stream->_lock || (stream->_flags & _IO_USER_LOCK) || isOwn(fiber, *stream))
    return;
  lock(fiber, *stream);
  held = stream;
}

void StreamLock::giveBack() { unlock(*held); }

void lockStream(FILE *stream) {
  const Fiber *fiber = Scheduler::currentFiber();
  !fiber || isOwn(*fiber, *stream) ? real::flockfile(stream) : lock(*fiber, *stream);
}

int tryLockStream(FILE *stream) {
  const Fiber *fiber = Scheduler::currentFiber();
  return !fiber || isOwn(*fiber, *stream) ? real::ftrylockfile(stream) : tryLock(*fiber, *stream);
}

void unlockStream(FILE *stream) {
  const Fiber *fiber = Scheduler::currentFiber();
  const bool isLast = lockOf(*stream).depth == depthOfOne.load(std::memory_order_relaxed);
  if (fiber && isLast && isOwn(*fiber, *stream))
    return unlock(*stream);
  real::funlockfile(stream);
  if (!fiber && mayBeAwaited(stream, true))
    wake(stream, 1);
}

} // namespace flux
