// The last owner of a connection closes it.
#include "attacked.h"
#include <memory>

static std::shared_ptr<int> current;

static void work(int n) {
  current = std::shared_ptr<int>(new int(n), [](int *connection) {
    waitABit();
    delete connection;
  });
}
