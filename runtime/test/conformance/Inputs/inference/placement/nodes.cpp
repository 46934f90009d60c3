// An operator new of the program's own, for an arena.
#include "attacked.h"

struct Arena;
void *operator new(size_t size, Arena &arena);
extern Arena &arena;

static void work(int n) { USE(*new (arena) int(n) == n); }
