/* channel.h - how any thread starts flows: bounded queues that sources receive from. Valid C11 and C++17.
 *
 * A library that calls back, a thread that watches something, another flow: what has an event sends it, and a source
 * makes a flow of it.
 *
 *     static flux_channel *events;
 *     int flux_init(int argc, char **argv) {
 *       return (events = flux_channel_create(sizeof(Event_out), 1024)) ? 0 : 1;
 *     }
 *     int Event(Event_out *out) { return flux_channel_receive(events, out); }
 *     static void callback(int number) { flux_channel_send(events, &(Event_out){number}); } */
#ifndef FLUX_CHANNEL_H
#define FLUX_CHANNEL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flux_channel flux_channel;

/* Makes a channel for at most `capacity` items, of `size` bytes each. Returns it, which lives as long as the process,
 * or null without memory or if one of the two is 0. Where the server is several processes, each has a channel of its
 * own from what flux_init has made, and what is sent before they begin is received in each. Any thread. */
flux_channel *flux_channel_create(size_t size, size_t capacity);

/* Copies an item to the end of the channel. Returns 0; FLUX_E_FULL if there is no room; or FLUX_STOP when its source
 * has ended: then nobody would receive it. Any thread, also one of the program's own; no signal handler. Never waits.
 */
int flux_channel_send(flux_channel *channel, const void *item);

/* The body of a source: waits for an item, and moves it to `item`. Returns 0; or FLUX_STOP when the server has been
 * told to stop and the channel is empty, which ends it: what was sent before is still received. Several sources, or
 * copies of one, may receive from one channel; an item goes to one of them. */
int flux_channel_receive(flux_channel *channel, void *item);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_CHANNEL_H */
