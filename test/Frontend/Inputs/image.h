// Types of every sort that a program may name.
#ifndef IMAGE_H
#define IMAGE_H

#include <netinet/in.h>
#include <stdint.h>

typedef struct image_tag_s {
  int width, height;
  uint64_t id;
} image_tag;
typedef struct image_tag_s *image_handle;

struct point {
  short x, y;
};
enum color { RED, GREEN };
typedef int descriptor;
typedef void (*callback)(int);

// What cannot travel by value.
typedef int quad[4];
struct opaque;
struct owner;

#ifdef __cplusplus
struct owner {
  ~owner();
};
typedef descriptor &alias;
template <typename First, typename Second> struct both {
  First first;
  Second second;
};
namespace net {
struct address {
  char bytes[18];
};
} // namespace net
#endif

#endif // IMAGE_H
