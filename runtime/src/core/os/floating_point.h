/// floating_point.h - the rounding mode, the traps and the flags of floating-point arithmetic, which a thread keeps in
/// registers of the processor.
#ifndef FLUX_CORE_OS_FLOATING_POINT_H
#define FLUX_CORE_OS_FLOATING_POINT_H

#include <stdint.h>
#include <string.h>

namespace flux {

/// Leaves them at its end as they were at its beginning. Where nothing has changed it costs a few reads.
class FloatingPointScope {
public:
  FloatingPointScope() : before(read()) {}
  ~FloatingPointScope() {
    if (const Registers now = read(); memcmp(&now, &before, sizeof now) != 0)
      write(before, now);
  }
  FloatingPointScope(const FloatingPointScope &) = delete;
  FloatingPointScope &operator=(const FloatingPointScope &) = delete;

private:
#if defined(__x86_64__)
  /// Of SSE, and of the x87 for long double: control and flags of the one, control and status of the other.
  struct Registers {
    uint32_t sse;
    uint16_t control, flags;
  };
  static Registers read() {
    constexpr uint16_t kFlags = 0x3f;
    Registers now;
    asm volatile("stmxcsr %0\n\tfnstcw %1\n\tfnstsw %2" : "=m"(now.sse), "=m"(now.control), "=m"(now.flags));
    now.flags &= kFlags;
    return now;
  }
  static void write(const Registers &wanted, const Registers &now) {
    asm volatile("ldmxcsr %0" : : "m"(wanted.sse));
    if (now.flags & ~wanted.flags)
      asm volatile("fnclex"); // what was raised before is lost, too, and is the thread's alone
    if (now.control != wanted.control)
      asm volatile("fldcw %0" : : "m"(wanted.control));
  }
#elif defined(__aarch64__)
  struct Registers {
    uint64_t control, flags;
  };
  static Registers read() {
    Registers now;
    asm volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(now.control), "=r"(now.flags));
    return now;
  }
  static void write(const Registers &wanted, const Registers &) {
    asm volatile("msr fpcr, %0\n\tmsr fpsr, %1" : : "r"(wanted.control), "r"(wanted.flags));
  }
#endif

  const Registers before;
};

} // namespace flux

#endif // FLUX_CORE_OS_FLOATING_POINT_H
