// path.h - from the path of a request to a file below the root.
#ifndef WEB_FILES_PATH_H
#define WEB_FILES_PATH_H

#include <string>
#include <string_view>

namespace web {

/// Appends `path`, percent-encoded as the Location header needs it.
void appendEncoded(std::string_view path, std::string &out);

/// Makes `directory` the root of everything served. Returns 0 or an errno value.
int openRoot(const char *directory);

/// Opens `path` for reading. Symbolic links that lead out of the root are refused by the kernel, whatever happens
/// to the tree meanwhile. Returns the descriptor or a negative errno value. Never blocks on a FIFO.
int openBelowRoot(const std::string &path);

} // namespace web

#endif // WEB_FILES_PATH_H
