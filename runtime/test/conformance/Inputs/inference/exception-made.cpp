// An exception that was never thrown.
#include "attacked.h"
#include <exception>
#include <memory>

struct Failure {
  std::shared_ptr<int> where;
  ~Failure() { waitABit(); }
};

static void work(int n) {
  std::exception_ptr failure = std::make_exception_ptr(Failure{std::make_shared<int>(n)});
  USE(failure != nullptr);
}
