// Who has sent a datagram gets the number of every tick from then on, and an answer at once.
include "flux/net.h";

Receive () => (flux_net_datagram *datagram, char *data, size_t length);
Join (flux_net_datagram *datagram, char *data, size_t length) => ();
Tick () => (uint64_t number);
Tell (uint64_t number) => ();

source Receive => Join;
source Tick => Tell;
constraint Join:{players};
constraint Tell:{players?};

// UNSUPPORTED: Processes
// RUN: %fluxc %s %S/ticks.c --model=%model -o %t && %run %python %S/Inputs/ticks.py %t
