#include "poll/timers.h"

namespace flux {

namespace {

/// Makes one heap of two, either of which may be empty. At equal times the first stays above, so it expires first.
Timer *meld(Timer *first, Timer *second) {
  if (!first || !second)
    return first ? first : second;
  if (second->when < first->when) {
    Timer *swapped = first;
    first = second;
    second = swapped;
  }
  second->sibling = first->child;
  if (second->sibling)
    second->sibling->previous = second;
  second->previous = first;
  first->child = second;
  return first;
}

/// Makes one heap of a list of siblings: melds them in pairs from the left, then the pairs from the right, which is
/// what makes taking the earliest logarithmic in the long run.
Timer *meldSiblings(Timer *list) {
  Timer *pairs = nullptr;
  while (list) {
    Timer *first = list;
    Timer *second = first->sibling;
    list = second ? second->sibling : nullptr;
    first->sibling = nullptr;
    if (second)
      second->sibling = nullptr;
    Timer *pair = meld(first, second);
    pair->sibling = pairs;
    pairs = pair;
  }
  Timer *heap = nullptr;
  while (Timer *pair = pairs) {
    pairs = pair->sibling;
    pair->sibling = nullptr;
    heap = meld(pair, heap);
  }
  return heap;
}

} // namespace

void Timers::add(Timer &timer, uint64_t when) {
  timer = Timer();
  timer.when = when;
  timer.queued = true;
  root = meld(root, &timer);
}

void Timers::remove(Timer &timer) {
  if (!timer.queued)
    return;
  timer.queued = false;
  Timer *children = meldSiblings(timer.child);
  timer.child = nullptr;
  if (root == &timer) {
    root = children;
  } else {
    (timer.previous->child == &timer ? timer.previous->child : timer.previous->sibling) = timer.sibling;
    if (timer.sibling)
      timer.sibling->previous = timer.previous;
    root = meld(root, children);
  }
  if (root)
    root->previous = nullptr;
}

Timer *Timers::takeExpired(uint64_t now) {
  if (!root || root->when > now)
    return nullptr;
  Timer *expired = root;
  remove(*expired);
  return expired;
}

} // namespace flux
