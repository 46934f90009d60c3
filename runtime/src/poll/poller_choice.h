/// poller_choice.h - the pollers there are, epoll and io_uring, and which of them a server gets (--flux-io).
#ifndef FLUX_POLL_POLLER_CHOICE_H
#define FLUX_POLL_POLLER_CHOICE_H

#include "core/server/options.h"
#include "poll/poller.h"

namespace flux {

/// What tells of ready descriptors.
enum class Io { Epoll, Ring };

/// What --flux-io says, an option of the models with event loops.
extern const char *ioAsked;
constexpr Option ioOption = {"io", "auto|epoll|io_uring", "what watches descriptors", nullptr, 0, 0, &ioAsked};

/// Does what --flux-io says: `io` becomes what the system lets this process use. False after a logged message.
bool chooseIo(Io &io);

/// Makes a poller that is still to be opened, or returns null when memory is short.
Poller *createPoller(Io io);

/// Ends a poller that has been closed. Null does nothing.
void destroyPoller(Poller *poller);

} // namespace flux

#endif // FLUX_POLL_POLLER_CHOICE_H
