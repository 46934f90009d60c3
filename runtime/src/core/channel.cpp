/// channel.cpp - bounded queues of items that sources receive from.
///
/// A semaphore counts the items, a mutex guards them. Where a model stands in for libc's functions, waiting for the
/// semaphore parks the source; elsewhere it blocks its thread, and a signal ends it when the server stops.
#include "flux/channel.h"

#include "core/os/mutex.h"
#include "flux/flux.h"

#include <new>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct flux_channel {
  sem_t items;
  flux::Mutex mutex;
  bool isClosed FLUX_GUARDED_BY(mutex) = false;
  size_t first FLUX_GUARDED_BY(mutex) = 0; // the oldest item's place
  size_t count FLUX_GUARDED_BY(mutex) = 0;
  const size_t size, capacity;
  char *const places;

  flux_channel(size_t size, size_t capacity, char *places) : size(size), capacity(capacity), places(places) {
    sem_init(&items, 0, 0);
  }
};

namespace flux {

namespace {

int send(flux_channel &channel, const void *item) {
  MutexLock guard(channel.mutex);
  if (channel.isClosed)
    return FLUX_STOP;
  if (channel.count == channel.capacity)
    return FLUX_E_FULL;
  const size_t place = (channel.first + channel.count++) % channel.capacity;
  memcpy(channel.places + place * channel.size, item, channel.size);
  return 0;
}

/// Takes the item that the semaphore has promised.
void take(flux_channel &channel, void *item) {
  MutexLock guard(channel.mutex);
  memcpy(item, channel.places + channel.first * channel.size, channel.size);
  channel.first = (channel.first + 1) % channel.capacity;
  --channel.count;
}

/// False if there are items, or are about to be.
bool closeIfEmpty(flux_channel &channel) {
  MutexLock guard(channel.mutex);
  channel.isClosed |= channel.count == 0;
  return channel.isClosed;
}

} // namespace

} // namespace flux

flux_channel *flux_channel_create(size_t size, size_t capacity) {
  size_t bytes;
  if (size == 0 || capacity == 0 || capacity > SEM_VALUE_MAX || __builtin_mul_overflow(size, capacity, &bytes))
    return nullptr;
  auto *places = static_cast<char *>(malloc(bytes));
  void *memory = places ? malloc(sizeof(flux_channel)) : nullptr;
  if (!memory) {
    free(places);
    return nullptr;
  }
  return new (memory) flux_channel(size, capacity, places);
}

int flux_channel_send(flux_channel *channel, const void *item) {
  const int error = flux::send(*channel, item);
  // Behind the mutex, so that who is woken finds it free.
  if (error == 0)
    sem_post(&channel->items);
  return error;
}

int flux_channel_receive(flux_channel *channel, void *item) {
  for (;;) {
    const bool isStopping = flux_stopping();
    if ((isStopping ? sem_trywait(&channel->items) : sem_wait(&channel->items)) == 0) {
      flux::take(*channel, item);
      return 0;
    }
    // One that is on its way between the mutex and the semaphore is there in a moment.
    if (!isStopping)
      continue;
    if (flux::closeIfEmpty(*channel))
      return FLUX_STOP;
    sched_yield();
  }
}
