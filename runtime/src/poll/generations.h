/// generations.h - which of the files a call means that its descriptor's number has stood for, one after the other.
#ifndef FLUX_POLL_GENERATIONS_H
#define FLUX_POLL_GENERATIONS_H

#include <atomic>
#include <stddef.h>
#include <stdint.h>

namespace flux {

/// The first is 0; another one begins with every call that closes or replaces a number.
using Generation = uint64_t;

/// The generation of every number. A call that blocks a job is made of several system calls, and between two of them
/// the number may come to stand for another file: the data of one connection would reach the other. That cannot be:
///
///   invariant: a system call that is made under a DescriptorUse which holds works on the file that the number stood
///              for when the call of the program began
///
/// because
///
///   1. The call of the program begins (begin()) while nobody is closing the number, and remembers the generation.
///   2. Who closes a number first begins another generation of it, then waits until nobody uses the number, and only
///      then lets the kernel go on (Closing, in posix/closing.h). As long as it has not come back, it is closing.
///   3. Who uses a number first says so, then looks whether the generation is still the one that it remembers, makes
///      the system call, and says that it does not use it any more.
///
/// 2. and 3. each write and then read what the other one writes, with a fence or a sequentially consistent
/// read-modify-write in between: either the user sees
/// the new generation, and makes no system call, or the closer sees the user, and waits for it. So between the look and
/// the end of the system call the number stands for the file of that generation; by 1., it is one file, since a close
/// that had begun another generation before would still be going on. The file that is found to be ready does not
/// matter to that: a watch that outlives its file (an io_uring's request, an epoll's entry of a duplicate) at worst
/// wakes for nothing.
///
/// What is left is a call that begins while another thread is closing its number: the program cannot know which
/// file it will get, nor could it without us. It waits for the end of that, since a number can be given away anew
/// before close() has returned; where that takes long (SO_LINGER) the call does what it would do on Linux, and works on
/// whichever file is there.
class Generations {
public:
  /// The generation that a call begins with. False while the number is being closed, or replaced.
  bool begin(int fd, Generation &generation) {
    if (fd >= end.load(std::memory_order_relaxed))
      raise(fd);
    // Sequentially consistent: see above.
    const uint64_t word = wordOf(fd).load(std::memory_order_seq_cst);
    generation = word & ~kClosers;
    return (word & kClosers) == 0;
  }

  /// Whether no other generation has begun since.
  bool isStill(int fd, Generation generation) {
    return (wordOf(fd).load(std::memory_order_seq_cst) & ~kClosers) == generation;
  }

  /// Around the system call that closes or replaces a number. Any thread, also a signal handler.
  void beginClosing(int fd) { wordOf(fd).fetch_add(kNext + 1, std::memory_order_seq_cst); }
  void endClosing(int fd) { wordOf(fd).fetch_sub(1, std::memory_order_seq_cst); }

  /// The same around one that closes all numbers from `first` to `last`. Calls f(fd) for each that a call has begun
  /// with. Returns the last of them, which endClosingRange() wants to know.
  template <typename F> int beginClosingRange(int first, int last, F f) {
    // Sequentially consistent, as in raise(): either a call that begins with a higher number than any before sees that
    // a range is closed, or this sees the number.
    rangesClosing.fetch_add(1, std::memory_order_seq_cst);
    const int known = end.load(std::memory_order_seq_cst);
    last = last < known ? last : known - 1;
    for (int fd = first; fd <= last; ++fd) {
      beginClosing(fd);
      f(fd);
    }
    return last;
  }
  void endClosingRange(int first, int last) {
    for (int fd = first; fd <= last; ++fd)
      endClosing(fd);
    rangesClosing.fetch_sub(1, std::memory_order_seq_cst);
  }

private:
  // How many threads are closing the number, and above that the generation. It would take 2^52 of them between two
  // looks for one to seem to be another.
  static constexpr uint64_t kNext = 1 << 12, kClosers = kNext - 1;
  // Twice as many as Linux lets a process have unless told otherwise (fs.nr_open). Those beyond share a place: closing
  // one ends the calls on all of them. Memory is only taken for what is used.
  static constexpr unsigned kNumbers = 1 << 21;

  static unsigned placeOf(int fd) {
    const auto place = static_cast<unsigned>(fd);
    return place < kNumbers ? place : kNumbers - 1;
  }
  std::atomic_ref<uint64_t> wordOf(int fd) { return std::atomic_ref(words[placeOf(fd)]); }
  void raise(int fd);

  std::atomic<int> end{0}; // above every number that a call has begun with
  std::atomic<unsigned> rangesClosing{0};
  uint64_t words[kNumbers] = {}; // accessed as atomics
};

extern Generations generations;

/// The numbers that a thread makes system calls on at the moment, for those who want to close them: at most two.
class UsedDescriptors {
public:
  static constexpr int kNone = -1;

  /// Says that the thread uses them from here on. Its thread. A full fence, also for what the thread has written
  /// before.
  void set(int first, int second) {
    fds[0].store(first, std::memory_order_relaxed);
    if (second != kNone)
      fds[1].store(second, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst); // see Generations
  }

  /// Release: what closes a number does so after the system call.
  void clear() {
    fds[0].store(kNone, std::memory_order_release);
    if (fds[1].load(std::memory_order_relaxed) != kNone)
      fds[1].store(kNone, std::memory_order_release);
  }

  /// Any thread.
  bool has(int fd) const {
    return fds[0].load(std::memory_order_seq_cst) == fd || fds[1].load(std::memory_order_seq_cst) == fd;
  }

private:
  std::atomic<int> fds[2] = {kNone, kNone};
};

/// A number that system calls are to be made on, and the generation that they are meant for.
struct DescriptorOf {
  int fd = UsedDescriptors::kNone;
  Generation generation = 0;

  bool isStill() const { return fd == UsedDescriptors::kNone || generations.isStill(fd, generation); }
};

/// The scope of system calls on one number, or two. They may only be made if it holds.
class DescriptorUse {
public:
  DescriptorUse(UsedDescriptors &used, const DescriptorOf &first, const DescriptorOf &second = {})
      : used(used), holds((used.set(first.fd, second.fd), first.isStill() && second.isStill())) {}
  ~DescriptorUse() { used.clear(); }
  DescriptorUse(const DescriptorUse &) = delete;
  DescriptorUse &operator=(const DescriptorUse &) = delete;

private:
  UsedDescriptors &used;

public:
  const bool holds;
};

} // namespace flux

#endif // FLUX_POLL_GENERATIONS_H
