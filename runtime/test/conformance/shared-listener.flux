// Sources on several loops accept from one blocking socket: each waits until there is a client for it, and is never told to try
// again, though an event loop has to look without blocking.
Accept () => (int client);
Answer (int client) => ();

source Accept => Answer;

// RUN: %fluxc %s %S/shared-listener.c --model=%model -o %t && FLUX_CORES=2 %run %t && FLUX_CORES=4 %run %t
// RUN: FLUX_CORES=4 FLUX_IO=epoll %run %t
