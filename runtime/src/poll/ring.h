/// ring.h - an io_uring: requests to the kernel, and its answers, through memory that both share.
///
/// The part of it that a loop needs is two queues and one system call, so it is written down here on the kernel's own
/// header. liburing would have to be in our archives, and would then stand in the way of the one that a program links.
#ifndef FLUX_POLL_RING_H
#define FLUX_POLL_RING_H

#include <stddef.h>
#include <stdint.h>

struct io_uring_cqe;
struct io_uring_params;
struct io_uring_sqe;

namespace flux {

/// For one thread, the first that calls attach(); it alone may call what stands below that.
class Ring {
public:
  /// What the kernel says about a request.
  struct Answer {
    uint64_t token; // the request's user_data
    int32_t result;
    bool isLast; // of its request
  };

  /// Makes the queues. False with errno set: EPERM or ENOSYS where io_uring is forbidden, EINVAL where the kernel is
  /// too old (before 6.1). Any thread.
  bool open();

  /// Gives them back. Any thread, also after an open() that failed.
  void close();

  /// Makes the calling thread the ring's. False with errno set.
  bool attach();

  /// A cleared request to fill in, or null if the kernel takes none off the full queue. It is handed over by enter().
  io_uring_sqe *request();

  /// Hands the requests over and sleeps until there is an answer, a signal has come, or for `timeoutNs`. No system call
  /// if there is nothing to hand over or to wait for.
  void enter(uint64_t timeoutNs);

  /// Hands the requests over, and returns when what can be done of them at once is done.
  void flush();

  /// Takes the next answer. False if there is none.
  bool take(Answer &answer);

private:
  int call(unsigned wanted, unsigned flags, const void *argument, size_t size);
  bool mapQueues(const io_uring_params &params);
  unsigned unsent() const;

  int fd = -1;
  char *queues = nullptr; // both
  size_t queuesSize = 0;
  io_uring_sqe *requests = nullptr;
  size_t requestsSize = 0;

  // Where the kernel has put its side; what it writes is read with acquire.
  unsigned *requestHead = nullptr, *requestTail = nullptr, *requestFlags = nullptr;
  unsigned *answerHead = nullptr, *answerTail = nullptr;
  io_uring_cqe *answers = nullptr;
  unsigned requestMask = 0, answerMask = 0;
};

} // namespace flux

#endif // FLUX_POLL_RING_H
