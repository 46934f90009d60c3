#include "core/os/guarded_call.h"

#include <stddef.h>

struct Guard {
  void (*undo)(void *argument);
  void *argument;
};

static void leave(struct Guard *guard) {
  if (guard->undo)
    guard->undo(guard->argument);
}

void flux_call_guarded(void (*call)(void *argument), void (*undo)(void *argument), void *argument) {
  struct Guard guard __attribute__((cleanup(leave))) = {undo, argument};
  call(argument);
  guard.undo = NULL;
}
