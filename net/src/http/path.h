/// path.h - the path of a target, and back.
#ifndef FLUX_NET_HTTP_PATH_H
#define FLUX_NET_HTTP_PATH_H

#include "http/refusal.h"

#include <stddef.h>
#include <string_view>

namespace flux::http {

/// Decodes `path`, which is empty or begins with '/', to `out`, which has room for max(path.size(), 1) + 1 bytes: into
/// a path that begins with exactly one slash and has neither empty segments nor dot segments, "/a%20b//c/../d/" into
/// "/a b/d/", with a zero behind it. Refused are a '%' without two hexadecimal digits, "%00", an encoded slash, which
/// would name what no file system can, and ".." that leads above the root, however it is encoded.
Refusal decodePath(std::string_view path, char *out, size_t &length);

/// Writes `path` percent-encoded, as Location needs it, to `out`, which has room for `size` bytes. Returns how many it
/// needs; if they are more, what stands in `out` is not whole.
size_t encodePath(std::string_view path, char *out, size_t size);

} // namespace flux::http

#endif // FLUX_NET_HTTP_PATH_H
