// options.h - the command line.
#ifndef WEB_OPTIONS_H
#define WEB_OPTIONS_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace web {

struct Options {
  std::vector<std::string> addresses; ///< empty: every address of the machine
  std::string port = "8080";
  std::string root = ".";
  std::string certificate, key; ///< files in PEM; empty: no TLS
  int64_t idleTimeoutMs = 60 * 1000;
  int64_t headTimeoutMs = 20 * 1000;
  int64_t sendTimeoutMs = 30 * 1000;
  int64_t cacheBytes = 64 << 20;

  /// The addresses, as flux_net_listen() wants them.
  std::string listen() const;

  /// The host of the last one, to show.
  std::string shown() const;
};

const Options &options();

/// Fills in options(). Prints what is wrong and returns false if the command line is; ends the process for --help.
bool parseOptions(int argc, char **argv);

} // namespace web

#endif // WEB_OPTIONS_H
