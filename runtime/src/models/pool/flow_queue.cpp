#include "models/pool/flow_queue.h"

#include "core/server/signals.h"

namespace flux {

void FlowQueue::setLimit(uint64_t flows) {
  MutexLock guard(mutex);
  limit = flows;
}

/// Chooses a sleeping worker to wake if one is needed and none is on its way. The caller unparks it when it has left
/// the mutex, which the woken would run into otherwise.
FlowQueue::Place *FlowQueue::wakeNext() {
  if (!head || !sleeping || waking)
    return nullptr;
  Place *place = sleeping;
  sleeping = place->next;
  place->waking = true;
  waking = true;
  return place;
}

void FlowQueue::push(Flow *flow) {
  Place *woken;
  {
    MutexLock guard(mutex);
    while (depth >= limit) {
      const BlockedHere blocked(WaitsFor::Room);
      ++waiting;
      spaceWanted = true;
      space.wait(mutex);
      --waiting;
    }
    flow->next = nullptr;
    (head ? tail->next : head) = flow;
    tail = flow;
    ++depth;
    woken = wakeNext();
  }
  if (woken)
    woken->parker.unpark();
}

Flow *FlowQueue::take(Place &place) {
  Flow *flow = head;
  head = flow->next;
  --depth;
  ++running;
  ++taken;
  place.running = true;
  // Not before the queue is half empty: one wake-up lets the source produce many flows, and the workers have enough to
  // do until it does.
  if (spaceWanted && depth <= limit / 2) {
    spaceWanted = false;
    space.notifyAll();
  }
  return flow;
}

Flow *FlowQueue::pop(Place &place) {
  Flow *flow = nullptr;
  Place *woken = nullptr;
  for (bool asleep = false;; asleep = true) {
    if (asleep)
      place.parker.park();
    MutexLock guard(mutex);
    if (place.running) {
      place.running = false;
      --running;
    }
    if (place.waking) {
      place.waking = false;
      waking = false;
    }
    if (head) {
      flow = take(place);
      woken = wakeNext();
      break;
    }
    if (draining && running == 0)
      wakeServer();
    if (closed)
      break;
    place.next = sleeping;
    sleeping = &place;
  }
  if (woken)
    woken->parker.unpark();
  return flow;
}

uint64_t FlowQueue::drain() {
  MutexLock guard(mutex);
  draining = true;
  return depth + running;
}

void FlowQueue::close() {
  MutexLock guard(mutex);
  closed = true;
  while (Place *place = sleeping) {
    sleeping = place->next;
    place->parker.unpark();
  }
}

FlowQueue::Figures FlowQueue::figures() {
  MutexLock guard(mutex);
  return {depth, limit, running, waiting, taken};
}

} // namespace flux
