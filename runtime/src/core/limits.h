/// limits.h - how much there is of what a model gives flows, offered to those who watch.
#ifndef FLUX_CORE_LIMITS_H
#define FLUX_CORE_LIMITS_H

#include <stdint.h>

namespace flux {

/// One thing of which there is only so much.
struct Limit {
  const char *what;   // "workers"
  const char *option; // that raises it: "--flux-workers"
  uint64_t used;      // of them now
  uint64_t most;      // there may be
  uint64_t waiting;   // flows, sources or calls that wait for one
  uint64_t taken;     // how often one has been taken: the same twice means that nothing moves; 0 where nobody counts
  bool isForFlows;    // a flow needs one to begin
};

/// Takes limits, one after the other.
class Limits {
public:
  Limits(const Limits &) = delete;
  Limits &operator=(const Limits &) = delete;
  virtual void offer(const Limit &limit) = 0;

protected:
  Limits() = default;
  ~Limits() = default;
};

} // namespace flux

#endif // FLUX_CORE_LIMITS_H
