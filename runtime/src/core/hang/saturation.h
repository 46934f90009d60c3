/// saturation.h - says when a server has no more of what its flows need.
#ifndef FLUX_CORE_HANG_SATURATION_H
#define FLUX_CORE_HANG_SATURATION_H

#include "core/limits.h"

#include <stddef.h>

namespace flux {

/// Looks at the model's limits now and then. One that is reached at two looks in a row, with somebody waiting and,
/// where that is counted, nothing having moved in between, is logged with its numbers and its option, and so is its
/// end. Everything is for the main thread.
class Saturation final : public Limits {
public:
  /// A look, `now` nanoseconds on the clock.
  void look(uint64_t now);

  /// Whether a flow could begin at the last look without another one ending.
  bool hasRoom() const { return room; }

  void offer(const Limit &limit) override;

private:
  /// What is known of one limit, in the order in which the model offers them.
  struct Known {
    uint64_t sinceNs; // it is reached; 0: it is not
    uint64_t taken;
    uint64_t nextNs; // not logged again before that
    bool isLogged;
  };
  static constexpr size_t kMost = 64; // more are not looked at

  static bool stands(const Limit &limit, const Known &known);
  void log(const Limit &limit, Known &known) const;

  Known known[kMost] = {};
  size_t number = 0;
  uint64_t now = 0;
  bool room = true;
  bool limitsFlows = false;
};

} // namespace flux

#endif // FLUX_CORE_HANG_SATURATION_H
