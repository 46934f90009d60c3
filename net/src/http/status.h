/// status.h - the statuses of RFC 9110 and what may come with them.
#ifndef FLUX_NET_HTTP_STATUS_H
#define FLUX_NET_HTTP_STATUS_H

#include <string_view>

namespace flux::http {

/// The reason phrase of `status`, empty for one that is not registered.
std::string_view reasonOf(int status);

/// True if an answer with `status` never has a body, whatever the method: 1xx, 204, 304 (RFC 9112, 6.3).
constexpr bool isBodiless(int status) { return status < 200 || status == 204 || status == 304; }

} // namespace flux::http

#endif // FLUX_NET_HTTP_STATUS_H
