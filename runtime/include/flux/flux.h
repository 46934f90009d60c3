/* flux.h - what node code may use of the Flux runtime. Valid C11 and C++17.
 *
 * A node is an ordinary function declared by the header that `flux-translate --flux-to-header` writes:
 *
 *     int Parse(Parse_in *in, Parse_out *out);      0 is success, anything else ends the flow
 *
 * A node that needs nothing but its arguments never has to call any function of this file.
 */
#ifndef FLUX_FLUX_H
#define FLUX_FLUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Error codes of Flux itself, all negative. A source returns FLUX_STOP to end, and FLUX_AGAIN where it has nothing to
 * start a flow with and wants to be called again. */
enum flux_error {
#define FLUX_ERROR(NAME, CODE, TEXT) FLUX_ERROR_##NAME = (CODE),
#include "flux/errors.def"
#undef FLUX_ERROR
};

#define FLUX_STOP FLUX_ERROR_STOP
#define FLUX_AGAIN FLUX_ERROR_AGAIN
#define FLUX_E_NOMATCH FLUX_ERROR_NOMATCH
#define FLUX_E_NOMEM FLUX_ERROR_NOMEM
#define FLUX_E_INVALID FLUX_ERROR_INVALID
#define FLUX_E_SYSTEM FLUX_ERROR_SYSTEM
#define FLUX_E_ABI FLUX_ERROR_ABI
#define FLUX_E_EXCEPTION FLUX_ERROR_EXCEPTION
#define FLUX_E_FULL FLUX_ERROR_FULL

/* Returns the text of a Flux error code, or "error" for a code that is the program's own.
 * The string is static. Any thread; never blocks; never fails. */
const char *flux_strerror(int code);

/* Returns true once the server has begun to shut down (SIGTERM, SIGINT or flux_stop()).
 * For sources that loop or wait inside one call. A source that has ever called this winds itself down: after shutdown
 * has begun it is called until it returns any non-zero value, so that it can still start flows for what clients have
 * sent already. A source that never called it is not called again.
 * A source blocked in a system call is interrupted with EINTR when shutdown begins.
 * Any thread; never blocks; never fails. */
bool flux_stopping(void);

/* Begins a graceful shutdown, exactly as SIGTERM does: sources stop, running flows finish, the process exits with 0.
 * Any thread, also a signal handler; never blocks; calling it again changes nothing. */
void flux_stop(void);

/* Returns the session of the flow that calls it, or 0 outside a flow or where its source names no session.
 * Any thread; never blocks; never fails. */
int64_t flux_session(void);

/* Something that belongs to a flow until it ends: a connection, a file, memory that a cache lends. In memory of the
 * program's, most often the first member of what is owned. */
typedef struct flux_owned {
  void (*end)(struct flux_owned *owned, int error);
  struct flux_owned *next; /* the runtime's */
} flux_owned;

/* Gives `owned` to the flow that calls it: owned->end(owned, error) is called once when the flow has ended, in whatever
 * way. `error` is 0 if it has ended well or a handler has taken its error, which one that throws does not; else that
 * error. What a source gives goes to the flow that this call of the source starts; if it starts none, it ends right
 * behind the call, with 0 for FLUX_STOP and FLUX_AGAIN and else with what the source has failed with.
 * The record stays where it is and unchanged until then; `end` may free it, or give it to another flow. What came last
 * ends first. `end` runs as the flow's last function, without constraints; it may block, and give the flow more.
 * A process that ends without waiting for its flows (killed, or past --flux-drain-ms) ends nothing.
 * Returns 0, or FLUX_E_INVALID without a flow, or without `end`: then nothing is kept.
 * In flows and sources; never blocks. */
int flux_own(flux_owned *owned);

/* Writes what the server does at this moment into `buffer`, as JSON with a zero behind it; docs/Operating.md says what
 * is in it. What does not fit into `size` bytes is left out, and a buffer of none may be null. Returns how long the
 * whole text is, without the zero: more than was written if that is at least `size`; another snapshot may be a little
 * longer. Or a negative error, and writes nothing: FLUX_E_INVALID before the server runs and after that, in flux_init
 * and flux_shutdown for example; FLUX_E_NOMEM. The buffer stays the caller's. Any thread and any process of the server,
 * but no signal handler and no child that the program has forked. It waits for other snapshots, for microseconds, and
 * for no flow: a server that hangs answers. */
int flux_snapshot(char *buffer, size_t size);

/* Allows the server to run the source of that name on several threads at once, each of which calls it in a loop of its
 * own: its code keeps what it must not share in thread_local variables, or guards it. The model percore then runs it on
 * every core, and runs a flow on the core that has produced it, unless the flow has a session. Other models, and every
 * model where a program does not name a source here, run it on one thread at a time. A null name stands for all
 * sources.
 * Returns on how many threads the source will run, at least 1, or FLUX_E_INVALID if the program has none of that
 * name. In flux_init only; never blocks. */
int flux_replicate(const char *source);

/* Returns in how many processes the server runs its sources and flows: memory, and descriptors that are opened later,
 * are each one's own, unless this is 1. It is 1 on every model but process, whose FLUX_WORKERS it is there.
 * From flux_init on, any thread; never blocks; never fails. */
int flux_processes(void);

/* Returns which of the copies of its source called it, from 0 up; 0 where there is one.
 * Whoever has something for each copy - connections, a cache - can guard it by session locks with this as the session:
 * flows of a session that is the number of a copy run where that copy runs.
 * In functions of sources; never blocks; never fails. */
int flux_replica(void);

/* Optional hooks, defined by the program if it wants them.
 *
 * flux_init runs once before any source, with the command line less the `--flux-*` options; non-zero ends the
 * process with status 1. Programs written for the 2006 compiler define `void init(int, char **)` instead.
 * flux_shutdown runs once after the last flow has ended, before the process exits. Both run on the main thread. */
int flux_init(int argc, char **argv);
void flux_shutdown(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_FLUX_H */
