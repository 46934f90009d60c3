// A category of errors that looks them up; the library compares two errors, and asks it.
#include "attacked.h"
#include <system_error>

struct Remote : std::error_category {
  const char *name() const noexcept override { return "remote"; }
  std::string message(int) const override { return waitABit(), "?"; }
  std::error_condition default_error_condition(int) const noexcept override {
    return waitABit(), std::make_error_condition(std::errc::timed_out);
  }
};
static const Remote remote;

static void work(int n) { USE(std::error_code(n, remote).default_error_condition() == std::errc::timed_out); }
