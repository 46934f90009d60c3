// start.h - the server that flux_init() has started.
#ifndef WEB_START_H
#define WEB_START_H

#include <flux/http.h>

namespace web {

flux_net_server *server();

} // namespace web

#endif // WEB_START_H
