/// io_parameter.h - tests that run on everything that may watch descriptors.
#ifndef FLUX_TEST_IO_PARAMETER_H
#define FLUX_TEST_IO_PARAMETER_H

#include "poll/poller_choice.h"

#include <gtest/gtest.h>

#include <string.h>
#include <string>

namespace flux_test {

/// A test whose parameter is what watches descriptors. Skipped where the system does not let it.
class IoTest : public testing::TestWithParam<flux::Io> {
protected:
  void SetUp() override {
    flux::Poller *poller = flux::createPoller(GetParam());
    const bool serves = poller->open();
    const int error = errno;
    poller->close();
    flux::destroyPoller(poller);
    if (!serves)
      GTEST_SKIP() << "the system refuses it: " << strerror(error);
  }
};

inline auto everyIo() { return testing::Values(flux::Io::Epoll, flux::Io::Ring); }
inline std::string nameOfIo(const testing::TestParamInfo<flux::Io> &info) {
  return info.param == flux::Io::Ring ? "io_uring" : "epoll";
}

} // namespace flux_test

#endif // FLUX_TEST_IO_PARAMETER_H
