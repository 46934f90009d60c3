/* program.h - the program descriptor: what an object file made by Flux tells the runtime about itself.
 *
 * Every object defines one constant `flux_ir_program`. All strings and arrays are constants of the object and live as
 * long as the process. Indices used by entry points (function, lock) index these arrays.
 */
#ifndef FLUX_RT_PROGRAM_H
#define FLUX_RT_PROGRAM_H

#include "flux/rt/context.h"
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised whenever a layout in flux/rt or the meaning of an entry point changes. */
#define FLUX_IR_ABI_VERSION 7u

/* The execution models: a bit each in flux_ir_program::models. */
enum flux_ir_model {
#define FLUX_MODEL(NAME, BIT, TRAITS, SUMMARY) FLUX_IR_MODEL_##NAME = (BIT),
#include "flux/rt/models.def"
};

/* Predicates and handlers have an index only where they are guarded: it names them in flux_ir_context::node. */
typedef enum flux_ir_function_kind {
  FLUX_IR_NODE = 0,
  FLUX_IR_FLOW = 1,
  FLUX_IR_PREDICATE = 2,
  FLUX_IR_HANDLER = 3
} flux_ir_function_kind;

/* What the .flux file says of a node, and what the compiler relies on: bits of flux_ir_function::flags. */
enum {
  FLUX_IR_BLOCKING = 1,    /* may block anywhere: called through flux_ir_run */
  FLUX_IR_NONBLOCKING = 2, /* a promise that no call of it makes the flow wait */
  FLUX_IR_GUARDED = 4,     /* constraints are missing because the compiler found that no call of it does */
  FLUX_IR_BEGINS = 8       /* takes no input, so that what it fails with can be no fault of an input */
};

/* How the object was compiled: bits of flux_ir_program::flags. */
enum {
  FLUX_IR_DEBUG = 1 /* for debugging: a broken promise ends the process */
};

/* A node or a flow; a predicate or a handler that is guarded. */
typedef struct flux_ir_function {
  const char *name;
  const char *file; /* the .flux file that declares it */
  uint32_t line;
  uint32_t kind;  /* flux_ir_function_kind */
  uint32_t flags; /* those above */
  uint32_t reserved;
} flux_ir_function;

/* A lock. Locks stand in rank order, the order in which a region takes several of them. */
typedef struct flux_ir_lock {
  const char *name;
  uint32_t session; /* 1: one lock per session key; 0: one for the program */
  uint32_t reserved;
} flux_ir_lock;

/* A source and the flow that it feeds. */
typedef struct flux_ir_source {
  const char *name;     /* the function called in a loop */
  const char *target;   /* the flow (or node) that takes what it produces */
  uint64_t input_size;  /* bytes of the target's input, 0 if it takes none */
  uint64_t input_align; /* a power of two, at least 1 */

  /* Calls the source once. `input` points to input_size bytes that it fills; `*session`, 0 before, becomes what the
   * program names as the session of a flow with them. 0: start a flow; FLUX_STOP: never call again; FLUX_AGAIN: no
   * flow this time; anything else: it has failed. Runs under a context of its own, since a source may be a flow. */
  int32_t (*poll)(flux_ir_context *cx, void *input, int64_t *session);

  /* Runs one flow to its end, handlers included; `input` stays the caller's and is not read after the return. */
  void (*run)(flux_ir_context *cx, void *input);

  uint32_t names_sessions; /* 1: the program has a session function for this source; 0: it names none */
  uint32_t reserved;
} flux_ir_source;

typedef struct flux_ir_program {
  uint32_t abi_version; /* FLUX_IR_ABI_VERSION of the compiler */
  uint32_t size;        /* sizeof(flux_ir_program) as the compiler knew it */
  uint64_t models;      /* models that this object's constraints are complete for */
  const char *name;     /* base name of the .flux file, without its extension */
  uint64_t num_functions;
  const flux_ir_function *functions;
  uint64_t num_locks;
  const flux_ir_lock *locks;
  uint64_t num_sources;
  const flux_ir_source *sources;
  uint64_t flags; /* FLUX_IR_DEBUG */
  /* A stretch is a row of calls that all run unless one fails; generated code counts it as one. For each the index in
   * `calls` where it begins. There, what is called is an index into `functions`. A negative
   * number ends a stretch: FLUX_IR_LAST_CALL, or the complement of the index where the enclosing stretch goes on. */
  uint64_t num_stretches;
  const int32_t *stretches;
  const int32_t *calls;
  /* Calls call(argument), a function of the program's that the runtime calls by itself; `kind` and `name` are what
   * messages call it. Returns 0, or FLUX_E_EXCEPTION if an exception has left it, which it shows. flux_ir_guard, or
   * null: then an exception ends the server. */
  int32_t (*guard)(void (*call)(void *argument), void *argument, const char *kind, const char *name);
} flux_ir_program_t;

/* In flux_ir_program::calls: nothing follows. */
#define FLUX_IR_LAST_CALL INT32_MIN

extern const flux_ir_program_t flux_ir_program;

/* flux_ir_program::guard of programs that are linked with the C++ library. */
int32_t flux_ir_guard(void (*call)(void *argument), void *argument, const char *kind, const char *name);

#ifdef __cplusplus
} /* extern "C" */

static_assert(sizeof(flux_ir_context) == 32, "generated code knows this layout");
static_assert(sizeof(flux_ir_counters) == 16, "generated code knows this layout");
static_assert(sizeof(flux_ir_function) == 32, "generated code knows this layout");
static_assert(sizeof(flux_ir_lock) == 16, "generated code knows this layout");
static_assert(sizeof(flux_ir_source) == 56, "generated code knows this layout");
static_assert(sizeof(flux_ir_program_t) == 112, "generated code knows this layout");
#endif

#endif /* FLUX_RT_PROGRAM_H */
