// options.cpp - the command line.
#include "options.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <getopt.h>

namespace web {
namespace {

Options parsed;

const char help[] = R"(usage: %s [options]

Serves the files of a directory over HTTP/1.1.

  --certificate=FILE   speak TLS, with this certificate and what stands behind it, in PEM
  --key=FILE           the key of the certificate (default: it is in the same file)
  --root=DIR           the directory to serve (default: the current one)
  --port=N             the port to listen on; 0 takes a free one and prints it (default: 8080)
  --address=ADDRESS    where to listen, may be repeated (default: every IPv4 and IPv6 address)
  --idle-timeout=S     seconds an idle connection is kept open (default: 60)
  --header-timeout=S   seconds a request head may take to arrive (default: 20)
  --send-timeout=S     seconds a client may take to accept more of an answer (default: 30)
  --cache=MIB          memory for the contents of small files (default: 64)
  --help               this text
  --flux-help          the options of the Flux runtime
)";

/// Reads a whole number between `low` and `high`.
bool number(const char *option, const char *text, int64_t low, int64_t high, int64_t &value) {
  char *end;
  errno = 0;
  long long n = strtoll(text, &end, 10);
  if (end == text || *end || errno || n < low || n > high) {
    fprintf(stderr, "web: --%s takes a number from %lld to %lld, but got '%s'\n", option, (long long)low,
            (long long)high, text);
    return false;
  }
  value = n;
  return true;
}

bool seconds(const char *option, const char *text, int64_t &ms) {
  int64_t s;
  if (!number(option, text, 1, 24 * 60 * 60, s))
    return false;
  ms = s * 1000;
  return true;
}

bool apply(char option, const char *name, const char *value) {
  int64_t n;
  switch (option) {
  case 'a':
    parsed.addresses.push_back(value);
    return true;
  case 'c':
    if (!number(name, value, 0, 1 << 20, n))
      return false;
    parsed.cacheBytes = n << 20;
    return true;
  case 'p':
    if (!number(name, value, 0, 65535, n))
      return false;
    parsed.port = std::to_string(n); // " 80" is a number, too
    return true;
  case 'e':
    parsed.certificate = value;
    return true;
  case 'k':
    parsed.key = value;
    return true;
  case 'r':
    parsed.root = value;
    return true;
  case 'i':
    return seconds(name, value, parsed.idleTimeoutMs);
  case 't':
    return seconds(name, value, parsed.headTimeoutMs);
  case 's':
    return seconds(name, value, parsed.sendTimeoutMs);
  default:
    return false;
  }
}

} // namespace

const Options &options() { return parsed; }

static std::string bracketed(const std::string &address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

std::string Options::listen() const {
  std::string list = addresses.empty() ? "*:" + port : "";
  for (const std::string &address : addresses)
    list.append(list.empty() ? "" : ",").append(bracketed(address)).append(":").append(port);
  return list;
}

std::string Options::shown() const { return addresses.empty() ? "localhost" : bracketed(addresses.back()); }

bool parseOptions(int argc, char **argv) {
  static const option known[] = {{"address", required_argument, nullptr, 'a'},
                                 {"cache", required_argument, nullptr, 'c'},
                                 {"certificate", required_argument, nullptr, 'e'},
                                 {"help", no_argument, nullptr, 'h'},
                                 {"header-timeout", required_argument, nullptr, 't'},
                                 {"idle-timeout", required_argument, nullptr, 'i'},
                                 {"key", required_argument, nullptr, 'k'},
                                 {"port", required_argument, nullptr, 'p'},
                                 {"root", required_argument, nullptr, 'r'},
                                 {"send-timeout", required_argument, nullptr, 's'},
                                 {nullptr, 0, nullptr, 0}};
  int index = 0;
  for (int c; (c = getopt_long(argc, argv, "", known, &index)) != -1;) {
    if (c == 'h') {
      printf(help, argv[0]);
      exit(0);
    }
    if (c == '?' || !apply(static_cast<char>(c), known[index].name, optarg)) {
      fprintf(stderr, "web: --help lists the options\n");
      return false;
    }
  }
  if (parsed.key.empty())
    parsed.key = parsed.certificate;
  if (parsed.certificate.empty() && !parsed.key.empty()) {
    fprintf(stderr, "web: --key needs --certificate\n");
    return false;
  }
  if (optind != argc) {
    fprintf(stderr, "web: unexpected argument '%s'; --help lists the options\n", argv[optind]);
    return false;
  }
  return true;
}

} // namespace web
