/// thread_exit.h - pthread_exit(), defined by the executable, so that no node ends a thread that runs flows.
#ifndef FLUX_CORE_THREAD_EXIT_H
#define FLUX_CORE_THREAD_EXIT_H

namespace flux {

/// Does nothing, but refers to the object that defines the call: an archive's member that nobody refers to is not
/// linked, and a sanitizer may have defined the call before.
void linkThreadExit();

} // namespace flux

#endif // FLUX_CORE_THREAD_EXIT_H
