/* entry_points.h - the runtime as generated code sees it; not for nodes.
 *
 * The list is entry_points.def. Contracts:
 *
 * flux_ir_acquire(cx, lock, mode)
 *     Takes lock `lock` (an index into the program's locks) in `mode` (a flux_ir_mode) for the flow `cx`. The key of
 *     a session lock is the flow's session. A lock that the flow already holds is counted and costs no
 *     synchronisation; the compiler guarantees that a flow never asks for more than it already holds (readers that
 *     contain writers are promoted). May block the flow. Never fails.
 * flux_ir_release(cx, lock)
 *     Undoes the latest acquisition of `lock` by the flow. Never blocks.
 * flux_ir_fail(cx, function, error)
 *     A function of the flow (an index into the program's functions) returned `error`: releases every lock of the flow
 *     and stores function and error in the context. Returns 1 for a failure, which it counts and which handlers may
 *     take. Returns 0 where a source says something to the runtime instead, which the source's poll function returns
 *     at once: FLUX_STOP, FLUX_AGAIN, and anything from a FLUX_IR_BEGINS function while the server stops, whose system
 *     call has been interrupted. Never blocks.
 * flux_ir_skip(cx, place)
 *     What stands from `place` on in flux_ir_program::calls, up to the end of the outermost stretch, was counted
 *     when its stretch began and does not run, because something before it has failed. Takes it back. Never blocks.
 * flux_ir_handled(cx) / flux_ir_unhandled(cx)
 *     The error stored by flux_ir_fail was taken by a handler / found none, or one that has thrown: counts it; the
 *     latter also writes a line to the log, the first time for each function and then rate-limited. Called after the
 *     handler.
 * flux_ir_caught(cx, who, exception)
 *     An exception has left a function of the program, which `who` names in words, and has come to a landing pad of
 *     generated code that takes everything: releases every lock of the flow, shows what it was at a limited rate, ends
 *     it, and returns FLUX_E_EXCEPTION. `cx` is null where the flow is elsewhere and its locks with it. What unwinds a
 *     thread that ends is no exception: it goes on with that. Only for programs that are linked with the C++ library;
 *     may call back what() and the exception's destructor, and block as they do.
 * flux_ir_run(cx, node, call, in, out)
 *     Runs a node that the compiler leaves to the model, such as one that is declared `blocking`, and returns what it
 *     returns. `node` is its index in the program's functions, which cx->node holds, too, and `call` the node itself;
 *     `in` and `out` stay the caller's and are the node's until it returns. The model calls the node once: at once, on
 *     this thread, unless it has its own reasons to do so elsewhere or later. Then the node runs there with the flow as
 *     its current one (flux_session(), errno), while the flow is blocked. Called for flows, and for the source itself
 *     where that is such a node; a source has to return when the model interrupts sources. Everything that the flow did
 *     before happens before the node, and the node before everything behind. Never fails by itself.
 */
#ifndef FLUX_RT_ENTRY_POINTS_H
#define FLUX_RT_ENTRY_POINTS_H

#include "flux/rt/context.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FLUX_IR_C_VOID void
#define FLUX_IR_C_PTR flux_ir_context *
#define FLUX_IR_C_CALL flux_ir_call
#define FLUX_IR_C_DATA void *
#define FLUX_IR_C_I32 int32_t
#define FLUX_IR_C_I64 int64_t
/* Expands to one prototype; the second level turns each type name of the list into its C type. */
#define FLUX_IR_C_0()
#define FLUX_IR_C_1(A) FLUX_IR_C_##A
#define FLUX_IR_C_2(A, B) FLUX_IR_C_##A, FLUX_IR_C_##B
#define FLUX_IR_C_3(A, B, C) FLUX_IR_C_##A, FLUX_IR_C_##B, FLUX_IR_C_##C
#define FLUX_IR_C_4(A, B, C, D) FLUX_IR_C_##A, FLUX_IR_C_##B, FLUX_IR_C_##C, FLUX_IR_C_##D
#define FLUX_IR_C_5(A, B, C, D, E) FLUX_IR_C_##A, FLUX_IR_C_##B, FLUX_IR_C_##C, FLUX_IR_C_##D, FLUX_IR_C_##E
#define FLUX_IR_C_PICK(A, B, C, D, E, N, ...) FLUX_IR_C_##N
#define FLUX_IR_C_PARAMS(...) FLUX_IR_C_PICK(__VA_ARGS__, 5, 4, 3, 2, 1, 0)(__VA_ARGS__)
#define FLUX_ENTRY_POINT(NAME, RETURN, ...) FLUX_IR_C_##RETURN flux_ir_##NAME(FLUX_IR_C_PARAMS(__VA_ARGS__));
#include "flux/rt/entry_points.def"
#undef FLUX_ENTRY_POINT

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_RT_ENTRY_POINTS_H */
