#ifndef HEADER_H
#define HEADER_H
typedef struct {
  short x, y;
  float z;
} point;
typedef void (*callback)(int);
#endif
