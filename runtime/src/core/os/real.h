/// real.h - the functions behind those that this library defines in libc's place: they block the calling thread.
#ifndef FLUX_CORE_OS_REAL_H
#define FLUX_CORE_OS_REAL_H

#include <dlfcn.h>
#include <fcntl.h>
#include <locale.h>
#include <mqueue.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <resolv.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

// Those that headers do not declare, or not by their own names.
extern "C" {
int __vfprintf_chk(FILE *stream, int flag, const char *format, va_list arguments);
int __isoc99_vfscanf(FILE *stream, const char *format, va_list arguments);
int __vfwprintf_chk(FILE *stream, int flag, const wchar_t *format, va_list arguments);
int __isoc99_vfwscanf(FILE *stream, const wchar_t *format, va_list arguments);
}

namespace flux::real {

/// real::read(...) and so on. Any thread, at any time, also before main().
#define FLUX_INTERPOSED(NAME, EFFECT) extern decltype(&::NAME) NAME;
#include "core/os/interposed.def"

/// pthread_exit() behind this library's.
[[noreturn]] void exitThread(void *result);

/// The calling thread's variables in which std::call_once() hands over what it is to do; null without the C++ library.
struct OnceVariables {
  void **callable, **call;
};
OnceVariables onceVariables();

/// Whether this code belongs to the library that brings malloc(). A program that has it in itself cannot tell.
bool isBesideMalloc(const void *code);

} // namespace flux::real

#endif // FLUX_CORE_OS_REAL_H
