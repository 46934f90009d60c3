/* snprintf() runs a conversion of the program's. */
#include "attacked.h"

#include <printf.h>
#include <stdio.h>

static int printSlowly(FILE *out, const struct printf_info *info, const void *const *arguments) {
  (void)info, (void)arguments;
  waitABit();
  return fputs("slow", out) < 0 ? -1 : 4;
}
static int takesPointer(const struct printf_info *info, size_t n, int *types, int *sizes) {
  (void)info, (void)sizes;
  if (n > 0)
    types[0] = PA_POINTER;
  return 1;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  return register_printf_specifier('Y', printSlowly, takesPointer);
}

static void work(int n) {
  char text[32];
  USE(snprintf(text, sizeof text, "%d %Y", n, NULL) > 0);
}
