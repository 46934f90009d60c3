// path.cpp - request targets, and opening what they name without ever leaving the root.
#include "path.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace web {
namespace {

int rootDescriptor = -1;

int hexDigit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return -1;
}

/// Leaves the path of `target` in it: neither scheme and authority nor query.
int isolatePath(std::string_view &target) {
  size_t scheme = target.find("://");
  if (!target.empty() && target[0] != '/' && scheme != std::string_view::npos) {
    target.remove_prefix(scheme + 3);
    size_t slash = target.find_first_of("/?#");
    if (slash == std::string_view::npos || target[slash] != '/')
      target = "/";
    else
      target.remove_prefix(slash);
  }
  target = target.substr(0, target.find_first_of("?#"));
  return target.empty() || target[0] != '/' ? 400 : 0;
}

/// Decodes one segment onto `path`. An encoded slash would name something that no link can name: 404.
int appendDecoded(std::string_view segment, std::string &path) {
  for (size_t i = 0; i < segment.size(); ++i) {
    char c = segment[i];
    if (c == '%') {
      int high = i + 2 < segment.size() ? hexDigit(segment[i + 1]) : -1;
      int low = high >= 0 ? hexDigit(segment[i + 2]) : -1;
      if (low < 0)
        return 400;
      c = static_cast<char>(high * 16 + low);
      i += 2;
      if (c == '/')
        return 404;
    }
    if (c == '\0')
      return 400;
    path += c;
  }
  return 0;
}

} // namespace

int resolveTarget(std::string_view target, std::string &path) {
  if (int status = isolatePath(target))
    return status;
  path.assign(1, '/');
  // `path` always ends in a slash here; each segment replaces or extends what stands behind the last one.
  while (!target.empty()) {
    target.remove_prefix(1);
    size_t length = target.find('/');
    bool last = length == std::string_view::npos;
    std::string_view segment = target.substr(0, length);
    target.remove_prefix(segment.size());
    size_t start = path.size();
    if (int status = appendDecoded(segment, path))
      return status;
    std::string_view decoded = std::string_view(path).substr(start);
    if (decoded == "." || decoded.empty()) {
      path.resize(start);
    } else if (decoded == "..") {
      if (start == 1)
        return 400;
      path.resize(path.rfind('/', start - 2) + 1);
    } else if (!last) {
      path += '/';
    }
  }
  return 0;
}

void appendEncoded(std::string_view path, std::string &out) {
  static const char hex[] = "0123456789ABCDEF";
  for (char c : path) {
    bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                 std::string_view("/-._~!$&'()*+,;=:@").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
    }
  }
}

int openRoot(const char *directory) {
  rootDescriptor = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (rootDescriptor < 0)
    return errno;
  int probe = openBelowRoot("/");
  if (probe < 0)
    return -probe;
  close(probe);
  return 0;
}

int openBelowRoot(const std::string &path) {
  struct open_how how = {};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const char *relative = path.size() > 1 ? path.c_str() + 1 : ".";
  // EAGAIN: a directory was renamed while the kernel followed the path. Somebody may do nothing else.
  for (int attempt = 0;; ++attempt) {
    long fd = syscall(SYS_openat2, rootDescriptor, relative, &how, sizeof how);
    if (fd >= 0 || attempt == 32 || (errno != EINTR && errno != EAGAIN))
      return fd >= 0 ? static_cast<int>(fd) : -errno;
  }
}

} // namespace web
