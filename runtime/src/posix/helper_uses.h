/// helper_uses.h - the descriptors that helpers make system calls on at the moment, for those who want to close them.
///
/// A helper's call on a file goes by the rules of Generations: it says what it uses, then looks whether the number
/// still stands for the same file. But such a call may take as long as the disk, and closing does not wait for that on
/// Linux: who closes waits until the kernel has the call, which goes on with its own file from then on.
#ifndef FLUX_POSIX_HELPER_USES_H
#define FLUX_POSIX_HELPER_USES_H

namespace flux {

/// Says for a scope that the calling thread, a helper, uses the number. Waits for a place if a thousand others do.
class HelperUse {
public:
  explicit HelperUse(int fd);
  ~HelperUse();
  HelperUse(const HelperUse &) = delete;
  HelperUse &operator=(const HelperUse &) = delete;

private:
  unsigned place;
};

/// Waits until no helper is about to make a system call on the number any more, whose next generation has begun. Any
/// thread, also a signal handler.
void awaitUnusedByHelpers(int fd);

} // namespace flux

#endif // FLUX_POSIX_HELPER_USES_H
