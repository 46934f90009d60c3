// mime.h - the media types of files, by their names.
#ifndef WEB_MIME_H
#define WEB_MIME_H

#include <string_view>

namespace web {

/// Returns the Content-Type for a file called `name`; "application/octet-stream" if its extension says nothing.
std::string_view contentType(std::string_view name);

} // namespace web

#endif // WEB_MIME_H
