// nodes.cpp - the beginning and the ends of a request's flow.
#include "document.h"
#include "path.h"
#include "response.h"
#include "web.flux.h"

#include <cstring>
#include <flux/flux.h>
#include <new>

using namespace web;

namespace {

/// The status for input that ends in no head: too slow, or too long.
int refuseIncomplete(const Connection &c) {
  if (c.expired)
    return 408;
  return memchr(c.buffer + c.begin, '\n', c.end - c.begin) ? 431 : 414;
}

/// Answers with an error page. `body` follows unless the request was HEAD.
bool sendError(Connection &c, int status, bool close, const std::string &extra) {
  std::string title = std::to_string(status) + " " + reasonOf(status);
  std::string body = "<!doctype html>\n<title>" + title + "</title>\n<h1>" + title + "</h1>\n";
  std::string &head = c.exchange->head;
  beginHead(c, status, close);
  head.append(extra).append("Content-Type: text/html; charset=utf-8\r\n");
  appendNumber(head, "Content-Length", body.size());
  head.append("\r\n");
  return sendResponse(c, body.data(), c.exchange->request.head ? 0 : body.size(), close);
}

} // namespace

int ReadRequest(ReadRequest_in *in, ReadRequest_out *out) try {
  Connection &c = connection(in->socket);
  Request &request = c.exchange->request;
  std::string &path = c.exchange->path;
  request = Request();
  if (c.headLength == 0)
    return refuseIncomplete(c);
  if (int status = parseRequest({c.buffer + c.begin, c.headLength}, request))
    return status;
  if (request.target.size() > maxTarget)
    return 414;
  if (int status = resolveTarget(request.target, path))
    return status;
  out->socket = in->socket;
  // A stopping server takes no further request from the connection.
  out->close = !request.keepAlive || request.bodyFollows || flux_stopping();
  out->request = &path[0];
  return 0;
} catch (const std::bad_alloc &) {
  return 503;
}

int Reply(Reply_in *in) {
  Connection &c = connection(in->socket);
  bool sent = sendResponse(c, in->content, in->length, in->close);
  if (sent)
    finish(c, in->close);
  else
    abandon(c);
  return 0;
}

void FourOhFor(ReadWrite_in *in, int status) try {
  Connection &c = connection(in->socket);
  const Exchange &exchange = *c.exchange;
  std::string extra;
  if (status == 301) {
    extra = "Location: ";
    appendEncoded(exchange.path, extra);
    size_t query = exchange.request.target.find('?');
    extra.append("/")
        .append(query == std::string_view::npos ? "" : exchange.request.target.substr(query))
        .append("\r\n");
  } else if (status == 416) {
    extra = "Content-Range: bytes */" + std::to_string(exchange.document->size) + "\r\n";
  } else if (status == 503) {
    extra = "Retry-After: 1\r\n";
  }
  if (sendError(c, status, in->close, extra))
    finish(c, in->close);
  else
    abandon(c);
} catch (const std::bad_alloc &) {
  abandon(connection(in->socket));
}

// What a refused request was meant to be is not certain, so nothing behind it on the connection is believed.
void BadRequest(ReadRequest_in *in, int status) try {
  Connection &c = connection(in->socket);
  if (sendError(c, status, true, status == 405 ? "Allow: GET, HEAD\r\n" : ""))
    finish(c, true, true);
  else
    abandon(c);
} catch (const std::bad_alloc &) {
  abandon(connection(in->socket));
}
