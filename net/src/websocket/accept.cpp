/// accept.cpp - requests that ask for a WebSocket (RFC 6455, 4.2).
#include "flux/websocket.h"
#include "http/characters.h"
#include "http/exchange.h"
#include "http/reply.h"
#include "poller.h"
#include "server.h"
#include "websocket/handshake.h"
#include "websocket/socket.h"

#include <errno.h>
#include <new>
#include <stdlib.h>

namespace flux::websocket {

namespace {

using http::Exchange;

constexpr int kBadRequest = 400, kUpgradeRequired = 426, kSwitching = 101;

/// The status that tells what is wrong with the handshake; 0 if nothing is, and then its key.
int findFault(const Exchange &x, std::string_view &key) {
  if (!flux_websocket_asked(&x))
    return kUpgradeRequired;
  std::string_view version;
  if (!x.single("Sec-WebSocket-Version", version) || version != "13")
    return kUpgradeRequired;
  if (x.framing != http::Framing::none || !x.single("Sec-WebSocket-Key", key) || !isKey(key))
    return kBadRequest;
  return 0;
}

/// Answers a request that is no handshake. Returns what to tell the program.
int refuse(Exchange &x, int status) {
  constexpr std::string_view kWanted = "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\nConnection: upgrade\r\n";
  if (status == kUpgradeRequired)
    flux_http_set_lines(&x, kWanted.data(), kWanted.size());
  const int error = flux_http_reply(&x, status, nullptr, nullptr, 0);
  return error != 0 ? error : EPROTO;
}

/// Whether the client offers a protocol of its own, whose names are told apart by case.
bool offers(const Exchange &x, std::string_view protocol) {
  http::FieldList list(x, "Sec-WebSocket-Protocol");
  for (std::string_view element; list.next(element);)
    if (element == protocol)
      return true;
  return false;
}

/// Has the connection go to the poller that is beside its own.
int moveTo(flux_net_server &server, Exchange &x, std::string_view head) {
  Connection &c = *x.connection;
  const auto copy = static_cast<size_t>(c.poller.load(std::memory_order_relaxed)->number) % server.copies;
  net::Poller *poller = server.pollerOf(copy);
  void *memory = poller ? malloc(sizeof(Socket)) : nullptr;
  if (!memory)
    return ENOMEM;
  auto *socket = new (memory) Socket();
  socket->request = &x;
  net::Parcel greeting(head.data(), head.size());
  const int error = net::adopt(c, *poller, socket, greeting);
  if (error != 0)
    free(memory);
  return error;
}

} // namespace

} // namespace flux::websocket

using namespace flux::websocket;

bool flux_websocket_asked(const flux_http_request *request) {
  return request->kind == flux::http::Method::get && request->minor >= 1 &&
         flux_http_lists(request, "Upgrade", "websocket") && flux_http_lists(request, "Connection", "upgrade");
}

bool flux_websocket_same_origin(const flux_http_request *request) {
  if (!flux_http_field(request, "Origin", nullptr))
    return true;
  std::string_view origin, host;
  if (!request->single("Origin", origin) || !request->single("Host", host))
    return false;
  const size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && flux::http::sameWord(flux::http::behind(origin, scheme + 3), host);
}

int flux_websocket_accept(flux_http_request *request, flux_net_server *server, const char *protocol) {
  auto &x = flux::http::exchangeOf(request);
  if (x.answer != flux::http::Answer::None)
    return EALREADY;
  if (!isServerOfSockets(*server) || server->door != x.connection->poller.load(std::memory_order_relaxed)->server.door)
    return EINVAL;
  std::string_view key;
  if (const int status = findFault(x, key))
    return refuse(x, status);
  if (protocol && !offers(x, protocol))
    return EINVAL;
  char answer[kAnswerLength];
  answerKey(key, answer);
  char bytes[flux::http::Exchange::kMostOwn + 512];
  flux::http::ReplyHead head(bytes, sizeof bytes);
  head.begin(kSwitching, x.minor, true);
  head.field("Upgrade", "websocket");
  head.field("Connection", "Upgrade");
  head.field("Sec-WebSocket-Accept", {answer, sizeof answer});
  if (protocol)
    head.field("Sec-WebSocket-Protocol", protocol);
  head.lines({x.own, x.ownLength});
  const size_t length = head.finish();
  if (length == 0)
    return EINVAL;
  const int error = moveTo(*server, x, {bytes, length});
  if (error == 0)
    x.answer = flux::http::Answer::Whole;
  return error;
}
