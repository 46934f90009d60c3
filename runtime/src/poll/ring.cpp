#include "poll/ring.h"

#include "core/os/clock.h"
#include "core/os/real.h"
#include "poll/poller.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

namespace flux {

namespace {

constexpr unsigned kRequests = 256;
constexpr unsigned kAnswers = 4096;

/// DEFER_TASKRUN: answers are made while the thread is in enter(), not by interrupting it. It asks for SINGLE_ISSUER,
/// and that for R_DISABLED, since the thread that opens the ring is not the one that uses it.
constexpr unsigned kSetup = IORING_SETUP_R_DISABLED | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                            IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE;

/// Time-outs as an argument, both queues in one mapping, no answer lost when their queue is full.
constexpr unsigned kFeatures = IORING_FEAT_EXT_ARG | IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP;

void *map(int fd, size_t size, uint64_t which) {
  void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, static_cast<off_t>(which));
  return memory == MAP_FAILED ? nullptr : memory;
}

template <typename T> T *at(char *base, uint64_t offset) { return reinterpret_cast<T *>(base + offset); }

} // namespace

bool Ring::open() {
  io_uring_params params = {};
  params.flags = kSetup;
  params.cq_entries = kAnswers;
  fd = static_cast<int>(real::syscall(SYS_io_uring_setup, kRequests, &params));
  if (fd < 0)
    return false;
  if ((params.features & kFeatures) != kFeatures) {
    errno = EINVAL;
    return false;
  }
  return mapQueues(params);
}

bool Ring::mapQueues(const io_uring_params &params) {
  const size_t requestsEnd = params.sq_off.array + params.sq_entries * sizeof(unsigned);
  const size_t answersEnd = params.cq_off.cqes + params.cq_entries * sizeof(io_uring_cqe);
  queuesSize = requestsEnd > answersEnd ? requestsEnd : answersEnd;
  requestsSize = params.sq_entries * sizeof(io_uring_sqe);
  queues = static_cast<char *>(map(fd, queuesSize, IORING_OFF_SQ_RING));
  requests = static_cast<io_uring_sqe *>(map(fd, requestsSize, IORING_OFF_SQES));
  if (!queues || !requests)
    return false;
  requestHead = at<unsigned>(queues, params.sq_off.head);
  requestTail = at<unsigned>(queues, params.sq_off.tail);
  requestFlags = at<unsigned>(queues, params.sq_off.flags);
  requestMask = params.sq_entries - 1;
  answerHead = at<unsigned>(queues, params.cq_off.head);
  answerTail = at<unsigned>(queues, params.cq_off.tail);
  answers = at<io_uring_cqe>(queues, params.cq_off.cqes);
  answerMask = params.cq_entries - 1;
  // The queue holds indices of requests; each keeps its own place.
  auto *indices = at<unsigned>(queues, params.sq_off.array);
  for (unsigned i = 0; i < params.sq_entries; ++i)
    indices[i] = i;
  return true;
}

void Ring::close() {
  if (requests)
    munmap(requests, requestsSize);
  if (queues)
    munmap(queues, queuesSize);
  if (fd >= 0)
    real::close(fd);
  *this = Ring();
}

bool Ring::attach() { return real::syscall(SYS_io_uring_register, fd, IORING_REGISTER_ENABLE_RINGS, nullptr, 0) == 0; }

unsigned Ring::unsent() const {
  // Acquire: the kernel has read the requests that it has taken, so their places may be filled again.
  return *requestTail - __atomic_load_n(requestHead, __ATOMIC_ACQUIRE);
}

io_uring_sqe *Ring::request() {
  if (unsent() > requestMask)
    flush();
  if (unsent() > requestMask)
    return nullptr;
  io_uring_sqe *request = &requests[*requestTail & requestMask];
  memset(request, 0, sizeof *request);
  // The kernel looks at it only in enter(), by this thread, so it may still be filled in.
  __atomic_store_n(requestTail, *requestTail + 1, __ATOMIC_RELEASE);
  return request;
}

int Ring::call(unsigned wanted, unsigned flags, const void *argument, size_t size) {
  return static_cast<int>(real::syscall(SYS_io_uring_enter, fd, unsent(), wanted, flags, argument, size));
}

void Ring::enter(uint64_t timeoutNs) {
  // Acquire, here and in take(): the answers up to the tail are written.
  const bool answered = __atomic_load_n(answerTail, __ATOMIC_ACQUIRE) != *answerHead;
  if (timeoutNs == 0 || answered) {
    // Relaxed: the system call orders what it asks for.
    const unsigned flags = __atomic_load_n(requestFlags, __ATOMIC_RELAXED);
    if (unsent() > 0 || (flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)))
      flush();
    return;
  }
  if (timeoutNs == kNever) {
    call(1, IORING_ENTER_GETEVENTS, nullptr, 0);
    return;
  }
  const timespec timeout = toTimespec(timeoutNs);
  const __kernel_timespec time = {timeout.tv_sec, timeout.tv_nsec};
  io_uring_getevents_arg argument = {};
  argument.ts = reinterpret_cast<uint64_t>(&time);
  call(1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &argument, sizeof argument);
}

void Ring::flush() { call(0, IORING_ENTER_GETEVENTS, nullptr, 0); }

bool Ring::take(Answer &answer) {
  const unsigned head = *answerHead;
  if (__atomic_load_n(answerTail, __ATOMIC_ACQUIRE) == head)
    return false;
  const io_uring_cqe &taken = answers[head & answerMask];
  answer = {taken.user_data, taken.res, (taken.flags & IORING_CQE_F_MORE) == 0};
  // Release: it has been read before its place is given back.
  __atomic_store_n(answerHead, head + 1, __ATOMIC_RELEASE);
  return true;
}

} // namespace flux
