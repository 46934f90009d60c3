// listeners.h - the listening sockets and accepting from them.
#ifndef WEB_LISTENERS_H
#define WEB_LISTENERS_H

namespace web {

/// Opens the listening sockets that the options ask for and prints the address of the server. Prints what is wrong and
/// returns false on failure. Called once, on the main thread.
bool openListeners();

/// Starts watching them. Called by each process that accepts.
bool watchListeners();

/// Accepts what has arrived, as far as descriptors reach; if they do not, accepting is paused: nothing is watched until
/// a later call succeeds.
void acceptConnections();
bool acceptPaused();

void closeListeners();

} // namespace web

#endif // WEB_LISTENERS_H
