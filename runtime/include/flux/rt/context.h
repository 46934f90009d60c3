/* context.h - the state of one running flow, and the part of it that generated code touches directly. */
#ifndef FLUX_RT_CONTEXT_H
#define FLUX_RT_CONTEXT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a lock is taken. */
typedef enum flux_ir_mode { FLUX_IR_READ = 0, FLUX_IR_WRITE = 1 } flux_ir_mode;

/* How a generated flow function ends. An error of the flow is in the context, not in the return value, so that every
 * int is left to the nodes. */
typedef enum flux_ir_status {
  FLUX_IR_CONTINUE = 0, /* the flow goes on behind this function */
  FLUX_IR_ENDED = 1,    /* an error ended the flow and a handler has taken it: return at once */
  FLUX_IR_FAILED = 2    /* an error ended the flow and waits for the handler of an enclosing flow */
} flux_ir_status;

/* A node as a function of one shape: where its inputs are and where its outputs go, null for a side that it has not.
 * Returns what the node returns. */
typedef int32_t (*flux_ir_call)(void *in, void *out);

/* flux_ir_context::node while the flow runs no node. */
enum { FLUX_IR_NO_NODE = -1 };

/* Counters of one function (node, flow or source), indexed as the program's functions. */
typedef struct flux_ir_counters {
  uint64_t calls;  /* those in no stretch, less, modulo 2^64, what flux_ir_skip takes back */
  uint64_t errors; /* flux_ir_fail adds one */
} flux_ir_counters;

/* The public head of a flow's context. The runtime's own context begins with it. Generated code reads `counters`
 * and `error`, increments counters and writes `node`; everything else goes through entry points.
 *
 * `node` says whose code the flow is in. It is written before each call of a node, and set back before any other code
 * of the program that could be blamed in its place: predicates and handlers, which are named themselves if they are
 * guarded, and what follows the flow or the source.
 * Between two nodes it may still name the first. Stores are relaxed atomic ones, so that a watchdog may read it at any
 * time.
 *
 * `counters` points to a block with one entry per function, and behind them one uint64_t per stretch, that only the
 * thread running the flow writes, with relaxed atomic stores, so that a snapshot may read it at any time. */
typedef struct flux_ir_context {
  flux_ir_counters *counters;
  int64_t session;  /* 0 where the source names no session */
  int32_t error;    /* what flux_ir_fail stored */
  int32_t function; /* which function it was */
  int32_t node;     /* what runs, an index into the program's functions, or FLUX_IR_NO_NODE */
  int32_t reserved;
} flux_ir_context;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_RT_CONTEXT_H */
