/// real.h - the functions behind those that this library defines in libc's place: they block the calling thread.
#ifndef FLUX_IO_REAL_H
#define FLUX_IO_REAL_H

#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

namespace flux::real {

/// real::read(...) and so on. Any thread, at any time, also before main().
#define FLUX_INTERPOSED(NAME) extern decltype(&::NAME) NAME;
#include "io/interposed.def"
#undef FLUX_INTERPOSED

} // namespace flux::real

#endif // FLUX_IO_REAL_H
