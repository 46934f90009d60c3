// options.cpp - what can be set.
#include "settings/options.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <getopt.h>
#include <vector>

namespace image {
namespace {

const char help[] = R"(usage: %s [options]

Scales the pictures of a directory on request: /photo.jpg?width=800&height=600&fit=cover&quality=80

  --root=DIR           the directory of the pictures (default: the current one)
  --port=N             the port to listen on; 0 takes a free one and prints it (default: 8080)
  --address=ADDRESS    where to listen (default: every IPv4 and IPv6 address)
  --certificate=FILE   speak TLS, with this certificate and what stands behind it, in PEM
  --key=FILE           the key of the certificate (default: it is in the same file)
  --cache=MIB          memory for results (default: 64)
  --max-file=MIB       originals of more bytes are refused (default: 32)
  --max-pixels=MILLION originals of more pixels are refused (default: 40)
  --max-age=S          seconds that clients may keep a result (default: 3600)
  --idle-timeout=S     seconds an idle connection is kept open (default: 60)
  --send-timeout=S     seconds a client may take to accept more of an answer (default: 30)
  --help               this text
  --flux-help          the options of the Flux runtime
)";

struct Text {
  const char *name;
  const char *Options::*member;
};

struct Number {
  const char *name;
  int64_t Options::*member;
  int64_t low, high;
};

constexpr int64_t day = 24 * 60 * 60;

const Text texts[] = {{"root", &Options::root},
                      {"address", &Options::address},
                      {"certificate", &Options::certificate},
                      {"key", &Options::key}};

const Number numbers[] = {{"port", &Options::port, 0, 65535},
                          {"cache", &Options::cache, 0, 1 << 20},
                          {"max-file", &Options::maxFile, 1, 1024},
                          {"max-pixels", &Options::maxPixels, 1, 1000},
                          {"max-age", &Options::maxAge, 0, 365 * day},
                          {"idle-timeout", &Options::idleTimeout, 1, day},
                          {"send-timeout", &Options::sendTimeout, 1, day}};

bool setNumber(const Number &number, const char *text, Options &options) {
  char *end;
  errno = 0;
  const long long n = strtoll(text, &end, 10);
  if (end != text && !*end && !errno && n >= number.low && n <= number.high) {
    options.*number.member = n;
    return true;
  }
  fprintf(stderr, "image: --%s takes a number from %lld to %lld, but got '%s'\n", number.name, (long long)number.low,
          (long long)number.high, text);
  return false;
}

/// What getopt is to return for them: the texts first, then the numbers.
enum { helpValue = 'h', firstValue = 1000 };

std::vector<option> known() {
  std::vector<option> all = {{"help", no_argument, nullptr, helpValue}};
  int value = firstValue;
  for (const Text &text : texts)
    all.push_back({text.name, required_argument, nullptr, value++});
  for (const Number &number : numbers)
    all.push_back({number.name, required_argument, nullptr, value++});
  all.push_back({});
  return all;
}

bool set(size_t index, Options &options) {
  if (index >= std::size(texts))
    return setNumber(numbers[index - std::size(texts)], optarg, options);
  options.*texts[index].member = optarg;
  return true;
}

} // namespace

bool Options::parse(int argc, char **argv) {
  const std::vector<option> all = known();
  for (int c; (c = getopt_long(argc, argv, "", all.data(), nullptr)) != -1;) {
    if (c == helpValue) {
      printf(help, argv[0]);
      exit(0);
    }
    if (c < firstValue || !set(static_cast<size_t>(c - firstValue), *this)) {
      fprintf(stderr, "image: --help lists the options\n");
      return false;
    }
  }
  if (optind < argc) {
    fprintf(stderr, "image: unexpected argument '%s'; --help lists the options\n", argv[optind]);
    return false;
  }
  if (key && !certificate)
    fprintf(stderr, "image: a key needs a certificate\n");
  return !key || certificate;
}

} // namespace image
