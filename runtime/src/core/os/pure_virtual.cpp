#include <stdlib.h>

// What the C++ library has for calls of pure virtual functions: without optimisation, tables of abstract classes refer
// to it, and there may be no C++ library. Weak, since there may be one.
extern "C" [[noreturn]] __attribute__((weak)) void __cxa_pure_virtual();
void __cxa_pure_virtual() { abort(); }
