/// media_type.h - the media types of files, by their names.
#ifndef FLUX_NET_HTTP_MEDIA_TYPE_H
#define FLUX_NET_HTTP_MEDIA_TYPE_H

#include <string_view>

namespace flux::http {

/// The Content-Type for a file called `name`, with a zero behind it; "application/octet-stream" if its extension, in
/// whatever case, says nothing.
std::string_view mediaType(std::string_view name);

} // namespace flux::http

#endif // FLUX_NET_HTTP_MEDIA_TYPE_H
