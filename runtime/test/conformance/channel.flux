// Whoever has an event starts a flow by a channel: flux_init, a thread of the program's, a flow. A channel that is full says so;
// what was sent before the server is told to stop becomes flows; then nothing can be sent any more.
Event () => (int kind, int number);
Count (int kind, int number) => (int kind, int number);
Follow (int kind, int number) => ();

source Event => Take;
Take = Count -> Follow;

// RUN: %fluxc %s %S/channel.c --model=%model -o %t && export %if Processes %{FLUX_WORKERS=1%} && %run %t
