/* Only under the sanitizer it waits. */
#include "attacked.h"

static void work(int n) {
#if __has_feature(undefined_behavior_sanitizer)
  waitABit();
#endif
  (void)n;
}
