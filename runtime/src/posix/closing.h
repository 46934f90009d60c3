/// closing.h - calls by which numbers of descriptors cease to stand for what they stand for.
#ifndef FLUX_POSIX_CLOSING_H
#define FLUX_POSIX_CLOSING_H

namespace flux {

/// Stands around the system call that closes or replaces a descriptor, or several. The calls of jobs that wait for them
/// end with EBADF, on every loop, and none of them touches what the numbers stand for next (see Generations). Any
/// thread, also a signal handler. Leaves errno alone.
class Closing {
public:
  explicit Closing(int fd) : Closing(fd, fd) {}

  /// All numbers from `first` to `last`.
  Closing(int first, int last);
  ~Closing();
  Closing(const Closing &) = delete;
  Closing &operator=(const Closing &) = delete;

private:
  bool isNeeded;
  int first, last;
  bool isRange;
  int cancelState = 0;
};

} // namespace flux

#endif // FLUX_POSIX_CLOSING_H
