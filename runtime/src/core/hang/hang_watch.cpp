#include "core/hang/hang_watch.h"

#include "core/hang/hang_report.h"
#include "core/hang/observation.h"
#include "core/os/clock.h"
#include "core/runtime.h"
#include "core/server/options.h"

namespace flux {

namespace {

/// So many looks within --flux-hang-ms: what is new is seen that much later at most.
constexpr uint64_t kLooks = 4;

/// So many looks in a row have to find a hang: what a thread has done for a flow before it ended leaves no trace until
/// the flow's loop has had the processor.
constexpr int kAgreeing = 2;

uint64_t patienceNs() { return static_cast<uint64_t>(coreOptions.hangMs) * kNsPerMs; }

bool hasSessions(int32_t lock) { return runtime.program->locks[lock].session != 0; }

} // namespace

void HangWatch::look() {
  const uint64_t now = nowNs();
  if (now < due())
    return;
  nextNs = now + patienceNs() / kLooks;
  saturation.look(now);
  lookForHang(saturation.hasRoom());
}

void HangWatch::lookForHang(bool hasRoom) {
  Observation observation;
  if (!observation.take(patienceNs()))
    return; // without memory there is another time
  const Surroundings surroundings = {hasRoom, observation.hasStrangers(), hasSessions};
  if (!findStuck(observation.actors(), observation.count(), surroundings))
    looksThatAgree = 0;
  else if (looksThatAgree < kAgreeing && ++looksThatAgree == kAgreeing)
    reportHang(observation);
}

uint64_t HangWatch::due() const { return coreOptions.hangMs == 0 ? kNever : nextNs; }

} // namespace flux
