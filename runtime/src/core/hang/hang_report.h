/// hang_report.h - says who waits for whom.
#ifndef FLUX_CORE_HANG_HANG_REPORT_H
#define FLUX_CORE_HANG_HANG_REPORT_H

#include "core/hang/observation.h"

namespace flux {

/// Logs the actors that are stuck, each with what it waits for and who has that, and what the model has of queues and
/// workers. The first of each kind, where there are many. Main thread.
void reportHang(Observation &observation);

} // namespace flux

#endif // FLUX_CORE_HANG_HANG_REPORT_H
