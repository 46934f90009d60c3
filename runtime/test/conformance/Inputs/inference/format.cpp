// Numbers are written as one writes them here, and somebody has to be asked how.
#include "attacked.h"
#include <locale>
#include <sstream>

struct Local : std::num_put<char> {
  iter_type do_put(iter_type to, std::ios_base &how, char fill, long value) const override {
    waitABit();
    return std::num_put<char>::do_put(to, how, fill, value);
  }
};
static const std::locale here(std::locale::classic(), new Local);

static void work(int n) {
  std::ostringstream text;
  text.imbue(here);
  text << 1000000L + n;
  USE(text.str().size());
}
