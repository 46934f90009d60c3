// path.h - from the target of a request to a file below the root.
#ifndef WEB_PATH_H
#define WEB_PATH_H

#include <string>
#include <string_view>

namespace web {

/// Turns a request target ("/a%20b/../c?q", or the absolute form "http://host/c") into the path that it names, decoded
/// and without dot segments: "/c". The path begins with exactly one slash. Returns 0 or the HTTP status that refuses
/// it.
int resolveTarget(std::string_view target, std::string &path);

/// Appends `path`, percent-encoded as the Location header needs it.
void appendEncoded(std::string_view path, std::string &out);

/// Makes `directory` the root of everything served. Returns 0 or an errno value.
int openRoot(const char *directory);

/// Opens `path` for reading. Symbolic links that lead out of the root are refused by the kernel, whatever happens
/// to the tree meanwhile. Returns the descriptor or a negative errno value. Never blocks on a FIFO.
int openBelowRoot(const std::string &path);

} // namespace web

#endif // WEB_PATH_H
