// read.cpp - files of the server's own.
#include "files/read.h"
#include "files/descriptor.h"

#include <cerrno>
#include <fcntl.h>

namespace web {

int readFile(const std::string &name, std::string &content) {
  const Descriptor file(open(name.c_str(), O_RDONLY | O_CLOEXEC));
  char buffer[4096];
  ssize_t n = file.isOpen() ? 1 : -1;
  while (n > 0)
    if ((n = read(file.get(), buffer, sizeof buffer)) > 0)
      content.append(buffer, static_cast<size_t>(n));
  return n < 0 ? errno : 0;
}

} // namespace web
