/* guarded_call.h - a call that may be left by an exception, by code that is compiled without them. In C, since what
   undoes something on the way of an exception needs the C++ library in C++. */
#ifndef FLUX_CORE_OS_GUARDED_CALL_H
#define FLUX_CORE_OS_GUARDED_CALL_H

#ifdef __cplusplus
extern "C" {
#endif

/* Calls call(argument), and undo(argument) if that is left by an exception or because the thread is cancelled, which go
   on behind it. Any thread. */
void flux_call_guarded(void (*call)(void *argument), void (*undo)(void *argument), void *argument);

#ifdef __cplusplus
}
#endif

#endif /* FLUX_CORE_OS_GUARDED_CALL_H */
