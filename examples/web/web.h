/* web.h - the types that travel between the nodes of web.flux. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdint.h>

/* A file as it is served; see document.h. */
typedef struct Document Document;

#endif /* WEB_WEB_H */
