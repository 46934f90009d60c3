// hello.c - the nodes: ordinary functions, declared by the header that fluxc writes.
#include "hello.flux.h"

#include <stdio.h>
#include <stdlib.h>

int NextName(NextName_out *out) {
  static const char *const names[] = {"Ada", "Grace", "Edsger"};
  static size_t next;
  if (next == sizeof names / sizeof *names)
    return FLUX_STOP;
  out->name = names[next++];
  return 0;
}

int Greet(Greet_in *in, Greet_out *out) {
  char *greeting = malloc(64);
  if (!greeting)
    return FLUX_E_NOMEM;
  snprintf(greeting, 64, "Hello, %s!", in->name);
  out->greeting = greeting;
  return 0;
}

int Print(Print_in *in) {
  puts(in->greeting);
  free((char *)in->greeting);
  return 0;
}
