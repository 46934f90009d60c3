/* picture.h - what the nodes of the image cache pass on. C11 and C++17. */
#ifndef PICTURE_H
#define PICTURE_H

/* A scaled picture; the cache's own. */
typedef struct picture picture;

#endif
