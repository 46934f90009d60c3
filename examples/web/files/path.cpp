// path.cpp - opening what paths name without ever leaving the root.
#include "files/path.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace web {

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

bool isHidden(std::string_view path) {
  constexpr std::string_view known = "/.well-known/";
  if (path.substr(0, known.size()) == known)
    path.remove_prefix(known.size() - 1);
  return path.find("/.") != std::string_view::npos;
}

int Root::open(const char *name) {
  directory = Descriptor(::open(name, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.isOpen())
    return errno;
  const Descriptor probe(openFile("/"));
  return probe.isOpen() ? 0 : -probe.get();
}

int Root::openFile(const std::string &path) const {
  struct open_how how = {};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const char *relative = path.size() > 1 ? path.c_str() + 1 : ".";
  // EAGAIN: a directory was renamed while the kernel followed the path. Somebody may do nothing else.
  for (int attempt = 0;; ++attempt) {
    const long fd = syscall(SYS_openat2, directory.get(), relative, &how, sizeof how);
    if (fd >= 0 || attempt == 32 || (errno != EINTR && errno != EAGAIN))
      return fd >= 0 ? static_cast<int>(fd) : -errno;
  }
}

} // namespace web
