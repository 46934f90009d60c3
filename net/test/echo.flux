// Every line comes back, in order, whatever pieces it has arrived in.
include "flux/net.h";

Next () => (flux_net_connection *client, char *line, size_t length);
Echo (flux_net_connection *client, char *line, size_t length) => ();

source Next => Echo;

// RUN: %fluxc %s %S/echo.c --model=%model -o %t && %run %python %S/Inputs/echo.py %t
