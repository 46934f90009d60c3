// path.h - from the path of a request to a file below the root.
#ifndef WEB_FILES_PATH_H
#define WEB_FILES_PATH_H

#include "files/descriptor.h"

#include <string>
#include <string_view>

namespace web {

/// Appends `path`, percent-encoded as the Location header needs it.
void appendEncoded(std::string_view path, std::string &out);

/// True if a name in it begins with a dot, but for "/.well-known/" (RFC 8615).
bool isHidden(std::string_view path);

/// The directory that everything of a site lies in.
class Root {
public:
  /// Returns 0 or an errno value.
  int open(const char *directory);

  /// Opens what `path` names for reading. Symbolic links that lead out of the root are refused by the kernel, whatever
  /// happens to the tree meanwhile. Returns the descriptor or a negative errno value. Never blocks on a FIFO.
  int openFile(const std::string &path) const;

private:
  Descriptor directory;
};

} // namespace web

#endif // WEB_FILES_PATH_H
