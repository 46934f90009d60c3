/* The node itself is a weak one, which another file replaces. */
#define OWN_WORK
#include "attacked.h"

__attribute__((weak)) int Work(Work_in *in) { return (void)in, 0; }
void enter(void) { begin(); }
void leave(void) { end(); }
