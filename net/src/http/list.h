/// list.h - the elements of a field's value that is a list.
#ifndef FLUX_NET_HTTP_LIST_H
#define FLUX_NET_HTTP_LIST_H

#include <string_view>

namespace flux::http {

/// Takes the next element off the front of `list`, without blanks at its ends. Empty ones are skipped (RFC
/// 9110, 5.6.1); a comma inside of a quoted-string separates nothing, and one that is never closed reaches to the end.
/// False if there is none; then `list` is empty.
bool nextElement(std::string_view &list, std::string_view &element);

/// Takes the next of a list of entity tags (RFC 9110, 8.8.3) off the front: W/"..." or "...". False if there is none or
/// what comes is no tag; then `list` is empty. In them a backslash is a character as any other.
bool nextTag(std::string_view &list, std::string_view &tag);

} // namespace flux::http

#endif // FLUX_NET_HTTP_LIST_H
