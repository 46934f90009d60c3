// More clients than descriptors: those that are let in are served, the others wait, and are served when there is room, or others
// have been idle for a while. Of one address no more than three are let in, by each process.
include "flux/net.h";

Next () => (flux_net_connection *client, char *line, size_t length);
Echo (flux_net_connection *client, char *line, size_t length) => ();

source Next => Echo;

// RUN: %fluxc %s %S/crowded.c --model=%model -o %t && export %if Processes %{FLUX_WORKERS=1%} && %run %python %S/Inputs/crowded.py %t
