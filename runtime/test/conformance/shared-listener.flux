// Sources on several loops accept from one blocking socket: each waits until there is a client for it, and is never told to try
// again, though an event loop has to look without blocking.
Accept () => (int client);
Answer (int client) => ();

source Accept => Answer;

// RUN: %fluxc %s %S/shared-listener.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/shared-listener.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/shared-listener.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/shared-listener.c --model=percore -o %t && %run %t --flux-cores=2 && %run %t --flux-cores=4
// RUN: %run %t --flux-cores=4 --flux-io=epoll
