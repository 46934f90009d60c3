// start.h - what flux_init() has started.
#ifndef IMAGE_START_H
#define IMAGE_START_H

#include "files/cache.h"

#include <flux/http.h>

namespace image {

flux_net_server *server();

Cache &cache();

} // namespace image

#endif // IMAGE_START_H
