// The same category, asked for the text of an exception.
#include "attacked.h"
#include <system_error>

struct Remote : std::error_category {
  const char *name() const noexcept override { return "remote"; }
  std::string message(int) const override { return waitABit(), "gone"; }
};
static const Remote remote;

static void work(int n) {
  try {
    throw std::system_error(n + 1, remote, "cannot connect");
  } catch (const std::system_error &problem) {
    USE(problem.code().value() == n + 1);
  }
}
