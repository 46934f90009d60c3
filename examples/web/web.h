/* web.h - the types that travel between the nodes of web.flux. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdint.h>

/* A file as it is served; see files/document.h. */
typedef struct Document Document;

/* What the clients of a host are served; see sites/site.h. */
typedef struct Site Site;

#endif /* WEB_WEB_H */
