// Whoever has an event starts a flow by a channel: flux_init, a thread of the program's, a flow. A channel that is full says so;
// what was sent before the server is told to stop becomes flows; then nothing can be sent any more.
include "channel.h";

Event () => (Item item);
Count (Item item) => (Item item);
Follow (Item item) => ();

source Event => Take;
Take = Count -> Follow;

// RUN: %fluxc %s %S/channel.c -I%S/Inputs --model=%model -o %t && export %if Processes %{FLUX_WORKERS=1%} && %run %t
