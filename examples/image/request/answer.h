// answer.h - answers to requests.
#ifndef IMAGE_REQUEST_ANSWER_H
#define IMAGE_REQUEST_ANSWER_H

#include "files/result.h"

#include <flux/http.h>

namespace image {

/// Sends a result, or what the conditions and the range of the request leave of it.
void sendResult(flux_http_request *request, const Result &result);

/// Says in a line of text what is wrong. `status` is that of HTTP, or an error of Flux.
void sendError(flux_http_request *request, int status);

} // namespace image

#endif // IMAGE_REQUEST_ANSWER_H
