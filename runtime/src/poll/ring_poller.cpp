#include "poll/ring_poller.h"

#include <linux/io_uring.h>
#include <sys/epoll.h>

namespace flux {

namespace {

/// The token of requests whose answers say nothing: those that take others back.
constexpr uint64_t kNoToken = UINT64_MAX;

uint64_t tokenOf(int fd, uint32_t generation) { return uint64_t(generation) << 32 | static_cast<uint32_t>(fd); }

/// The kernel takes the halves of the word in the little-endian order.
uint32_t asKernelTakesIt(uint32_t events) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return events << 16 | events >> 16;
#else
  return events;
#endif
}

} // namespace

Arming RingPoller::arm(int fd, Watch &watch, uint32_t events) {
  disarm(fd, watch);
  io_uring_sqe *request = ring.request();
  if (!request)
    return Arming::NoMemory;
  request->opcode = IORING_OP_POLL_ADD;
  request->fd = fd;
  // A socket wakes for urgent data whoever asks for this.
  request->poll32_events = asKernelTakesIt(events & EPOLLPRI ? events | EPOLLRDBAND : events);
  request->user_data = tokenOf(fd, watch.generation);
  // That the other side has closed its half is told unasked, and at once every time. A request with many answers tells
  // it once.
  if (watch.halfClosed)
    request->len = IORING_POLL_ADD_MULTI;
  watch.armed = true;
  return Arming::Armed;
}

void RingPoller::disarm(int fd, Watch &watch) {
  if (!watch.armed)
    return;
  watch.armed = false;
  const uint64_t token = tokenOf(fd, watch.generation++);
  io_uring_sqe *request = ring.request();
  if (!request)
    return; // its answer will be out of date
  request->opcode = IORING_OP_POLL_REMOVE;
  request->fd = -1;
  request->addr = token;
  request->user_data = kNoToken;
  takesBack = true;
}

void RingPoller::forget(int fd, Watch &watch) {
  disarm(fd, watch);
  if (takesBack)
    ring.flush();
  takesBack = false;
}

int RingPoller::wait(Ready *ready, int capacity, uint64_t timeoutNs) {
  ring.enter(timeoutNs);
  takesBack = false;
  int count = 0;
  Ring::Answer answer;
  while (count < capacity && ring.take(answer)) {
    if (answer.token == kNoToken)
      continue;
    const bool failed = answer.result < 0;
    ready[count++] = {static_cast<int>(answer.token & UINT32_MAX), static_cast<uint32_t>(answer.token >> 32),
                      failed ? 0 : static_cast<uint32_t>(answer.result), failed ? -answer.result : 0, !answer.isLast};
  }
  return count;
}

} // namespace flux
