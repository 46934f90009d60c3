// options.h - the command line.
#ifndef IMAGE_SETTINGS_OPTIONS_H
#define IMAGE_SETTINGS_OPTIONS_H

#include <cstdint>

namespace image {

/// What the server has been told. The texts are those of the command line.
struct Options {
  const char *root = ".";
  const char *address = "*";
  const char *certificate = nullptr,
             *key = nullptr; ///< files in PEM; no certificate: no TLS; no key: it is in the same file
  int64_t port = 8080;
  int64_t cache = 64;     ///< MiB of results
  int64_t maxFile = 32;   ///< MiB of an original
  int64_t maxPixels = 40; ///< millions of an original
  int64_t maxAge = 3600;  ///< seconds that clients may keep a result
  int64_t idleTimeout = 60, sendTimeout = 30;

  /// Prints what is wrong and returns false if something is; ends the process for --help.
  bool parse(int argc, char **argv);
};

} // namespace image

#endif // IMAGE_SETTINGS_OPTIONS_H
