#include "channel.flux.h"
#include "check.h"

#include <flux/channel.h>
#include <pthread.h>
#include <unistd.h>

/* Who has sent an item: flux_init, a thread, a flow for each second one of the thread's, the thread before it stops the
 * server. */
enum { kEarly, kThread, kFlow, kLate, kKinds };
enum { kCapacity = 4, kSent = 500 };

SHARED({
  int received[kKinds], sum, left;
  pid_t server;
});

static flux_channel *channel;

static void sendSoon(int kind, int number) {
  const Event_out item = {kind, number};
  int error;
  while ((error = flux_channel_send(channel, &item)) == FLUX_E_FULL)
    usleep(100);
  CHECK(error == 0);
}

static void *sendAll(void *argument) {
  for (int i = 0; i < kSent; ++i)
    sendSoon(kThread, i);
  while (READ(shared->received[kFlow]) + READ(shared->left) < kSent / 2)
    usleep(1000);
  for (int i = 0; i < kCapacity; ++i)
    sendSoon(kLate, i);
  flux_stop();
  return argument;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  CHECK(!flux_channel_create(0, 1));
  CHECK(!flux_channel_create(1, 0));
  CHECK(!flux_channel_create(SIZE_MAX / 2, 4));
  channel = flux_channel_create(sizeof(Event_out), kCapacity);
  CHECK(channel);
  for (int i = 0; i < kCapacity; ++i)
    sendSoon(kEarly, i);
  CHECK(flux_channel_send(channel, &(Event_out){kEarly, kCapacity}) == FLUX_E_FULL);
  return 0;
}

int Event(Event_out *out) {
  if (shared->server == 0) {
    shared->server = getpid();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, sendAll, NULL) == 0);
    pthread_detach(thread);
  }
  return flux_channel_receive(channel, out);
}

int Count(Count_in *in, Count_out *out) {
  CHECK(in->kind >= 0 && in->kind < kKinds);
  ADD(shared->received[in->kind], 1);
  ADD(shared->sum, in->number);
  *out = (Count_out){in->kind, in->number};
  return 0;
}

/* Does not wait for room: where a model runs flows on their source's thread, nobody would receive meanwhile. */
int Follow(Follow_in *in) {
  if (in->kind != kThread || in->number % 2 != 0)
    return 0;
  const int error = flux_channel_send(channel, &(Event_out){kFlow, 0});
  CHECK(error == 0 || error == FLUX_E_FULL);
  if (error != 0)
    ADD(shared->left, 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(shared->received[kEarly]) == kCapacity && READ(shared->received[kLate]) == kCapacity);
  CHECK(READ(shared->received[kThread]) == kSent);
  CHECK(READ(shared->received[kFlow]) > 0 && READ(shared->received[kFlow]) + READ(shared->left) == kSent / 2);
  CHECK(READ(shared->sum) == kSent * (kSent - 1) / 2 + 2 * (kCapacity * (kCapacity - 1) / 2));
  if (getpid() == shared->server) /* else the channel was another process's */
    CHECK(flux_channel_send(channel, &(Event_out){kLate, 0}) == FLUX_STOP);
}
