/// server.cpp - HTTP/1 on connections: finds requests, and what becomes of a connection behind one.
#include "server.h"
#include "http/exchange.h"
#include "http/protocol.h"
#include "layer.h"
#include "message.h"
#include "poller.h"
#include "source.h"
#include "streams.h"

#include <new>
#include <stdlib.h>
#include <string.h>

namespace flux::http {

namespace {

using net::Ending;
using net::Found;
using net::Message;

/// Of an HTTP server.
struct Server {
  net::Layer layer;
  Settings settings;
  const flux_http2_protocol *http2;
};

const Server &serverOf(const Connection &c) {
  // Its layer is the first member of what it stands in.
  return *reinterpret_cast<const Server *>(c.poller.load(std::memory_order_relaxed)->server.layer);
}

void forget(Connection &c) {
  auto *x = static_cast<Exchange *>(c.exchange);
  c.exchange = nullptr;
  forget(x);
}

void rest(Connection &c) {
  if (c.exchange && !static_cast<Exchange *>(c.exchange)->isSkipping)
    forget(c);
}

/// The connection's exchange, made if there is none; null without memory.
Exchange *exchangeOf(Connection &c) {
  if (!c.exchange) {
    void *memory = malloc(sizeof(Exchange));
    if (!memory)
      return nullptr;
    auto *x = new (memory) Exchange(c);
    x->settings = &serverOf(c).settings;
    c.exchange = x;
  }
  return static_cast<Exchange *>(c.exchange);
}

/// Throws away what is there of the body that no flow has read.
Found skipBody(Exchange &x) {
  net::Input &input = x.connection->input;
  std::string_view data(input.at(input.begin), input.end - input.begin), piece;
  BodyDecoder::State state;
  do
    state = x.body.next(data, piece);
  while (state == BodyDecoder::content);
  input.begin = input.scanned = input.end - static_cast<uint32_t>(data.size());
  if (state == BodyDecoder::end)
    x.isSkipping = false;
  return state == BodyDecoder::end ? Found::Whole : state == BodyDecoder::more ? Found::Part : Found::Invalid;
}

Found find(Connection &c, Message &message) {
  net::Input &input = c.input;
  if (input.isEmpty())
    return Found::Part;
  Exchange *x = exchangeOf(c);
  if (!x)
    return Found::Invalid;
  if (x->isSkipping)
    if (const Found skipped = skipBody(*x); skipped != Found::Whole || input.isEmpty())
      return skipped != Found::Whole ? skipped : Found::Part;
  const Limits &limits = x->settings->limits;
  switch (x->scan.scan(input.at(input.begin), input.end - input.begin, limits)) {
  case HeadScan::more:
    return Found::Part;
  case HeadScan::refused:
    x->refusal = x->scan.refusal();
    return Found::Invalid;
  case HeadScan::complete:
    break;
  }
  const auto end = static_cast<uint32_t>(x->scan.end()), begin = static_cast<uint32_t>(x->scan.begin());
  x->refusal = parseHead(input.at(input.begin + begin), end - begin, limits, x->scratch, *x);
  // A body that is known to be too long is not waited for.
  if (x->refusal == Refusal::none && x->framing == Framing::length && x->contentLength > x->settings->maxBody)
    x->refusal = Refusal::longBody;
  message = {input.begin + begin, end - begin, end};
  input.taken = end;
  return x->refusal == Refusal::none ? Found::Whole : Found::Invalid;
}

void refuse(Connection &c) {
  Exchange *x = static_cast<Exchange *>(c.exchange);
  if (!x || x->isSkipping) // no answer is owed: a body that goes wrong behind its answer
    return;
  x->closes = true;
  if (x->refusal == Refusal::none)
    x->refusal = Refusal::longHead;
  answerShortly(*x, statusOf(x->refusal));
  c.more = true; // what follows is not read
}

void expire(Connection &c) {
  Exchange *x = static_cast<Exchange *>(c.exchange);
  constexpr int kRequestTimeout = 408;
  if (!x || x->isSkipping || !x->scan.begun())
    return;
  x->closes = true;
  answerShortly(*x, kRequestTimeout);
  c.more = true;
}

Ending end(Connection &c, int error) {
  auto &x = *static_cast<Exchange *>(c.exchange);
  finishAnswer(x, error);
  if (x.closes || !canSkipBody(x)) {
    c.more |= x.framing != Framing::none && !x.bodyEnded;
    return Ending::Close;
  }
  leaveBody(x);
  if (x.closes)
    return Ending::Close;
  if (!x.isSkipping && c.input.isEmpty()) {
    forget(c);
    return Ending::Keep;
  }
  // For the next request, or what is left of this one's body.
  const BodyDecoder body = x.body;
  const bool isSkipping = x.isSkipping;
  const Settings *settings = x.settings;
  Exchange *next = new (&x) Exchange(c);
  next->settings = settings;
  next->isSkipping = isSkipping;
  if (isSkipping)
    next->body = body;
  return Ending::Keep;
}

bool open(Connection &c) {
  const Server &server = serverOf(c);
  const net::Session *session = c.output.session;
  if (!server.http2 || strcmp(session->kind->protocol(*session), kHttp2) != 0)
    return true;
  return server.http2->begin(c, server.settings);
}

/// What is wrong with the protocols that clients are offered; null if nothing is.
const char *findFault(const flux_http_options &options) {
  const flux_tls_context *tls = options.net.tls;
  const bool isOffered = tls && tls->kind->offers(*tls, kHttp2);
  if (options.http2 && !isOffered)
    return "'http2' is set, but flux_tls_load() has no \"h2\" among its protocols";
  if (!options.http2 && isOffered)
    return "flux_tls_load() has \"h2\" among its protocols, but 'http2' is not set";
  return nullptr;
}

Settings settingsFor(const flux_http_options &options) {
  Settings settings;
  constexpr uint32_t kLeastHead = 1024, kMostHead = UINT16_MAX;
  if (options.max_head != 0)
    settings.limits.head = static_cast<uint16_t>(options.max_head < kLeastHead  ? kLeastHead
                                                 : options.max_head > kMostHead ? kMostHead
                                                                                : options.max_head);
  constexpr uint64_t kDefaultBody = 1 << 20;
  settings.maxBody = options.max_body != 0 ? options.max_body : kDefaultBody;
  return settings;
}

} // namespace

void forget(Exchange *x) {
  if (x)
    free(x->buffer);
  free(x);
}

} // namespace flux::http

using namespace flux::http;

flux_net_server *flux_http_listen(const char *addresses, const flux_http_options *options) {
  const flux_http_options given = options ? *options : flux_http_options();
  if (const char *fault = findFault(given)) {
    flux::net::complain("cannot listen: %s", fault);
    return nullptr;
  }
  void *memory = malloc(sizeof(Server));
  if (!memory) {
    flux::net::complain("out of memory");
    return nullptr;
  }
  const flux::net::Layer layer = {find, refuse, expire, end, rest, forget, nullptr, nullptr, true, open};
  auto *server = new (memory) Server{layer, settingsFor(given), given.http2};
  flux_net_options net = given.net;
  net.frame = FLUX_NET_BYTES;
  net.max_message = server->settings.limits.head;
  flux_net_server *listening = flux::net::listenFor(&server->layer, addresses, net);
  if (!listening)
    free(memory);
  return listening;
}

int flux_http_next(flux_net_server *server, flux_http_request **request) {
  flux::net::Next found;
  if (const int status = awaitMessage(*server, found))
    return status;
  *request = static_cast<Exchange *>(found.arrival ? found.arrival->message : found.connection->exchange);
  return 0;
}

flux_net_connection *flux_http_connection(const flux_http_request *request) {
  return static_cast<const Exchange *>(request)->connection;
}
