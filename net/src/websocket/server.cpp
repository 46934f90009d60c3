/// server.cpp - WebSocket on connections: finds messages, answers what clients ask the library, and closes.
#include "server.h"
#include "flux/websocket.h"
#include "http/exchange.h"
#include "message.h"
#include "output.h"
#include "poller.h"
#include "websocket/socket.h"

#include <algorithm>
#include <new>
#include <stdlib.h>
#include <string.h>

namespace flux::websocket {

namespace {

using net::Ending;
using net::Found;
using net::Message;

const net::Poller &pollerOf(const Connection &c) { return *c.poller.load(std::memory_order_relaxed); }

/// Its layer is the first member of what it stands in.
const Kind &kindOf(const Connection &c) { return *reinterpret_cast<const Kind *>(pollerOf(c).server.layer); }

/// Sends a control frame, whose output is locked.
void postControl(Connection &c, Opcode opcode, std::string_view payload) {
  char head[kMostHead];
  const size_t length = writeFrameHead(opcode, payload.size(), head);
  net::Parcel parcel({head, length}, {const_cast<char *>(payload.data()), payload.size()});
  parcel.post(c);
}

void answerPing(Connection &c, std::string_view payload) {
  const net::Locked lock(c.output.mutex);
  postControl(c, Opcode::Pong, payload);
}

/// All that has arrived is read: what is left belongs to a message or frame that is not whole.
void restForNow(Connection &c, size_t size) {
  c.input.end = c.input.scanned = c.input.begin + static_cast<uint32_t>(size);
  if (size > 0 || socketOf(c).reader.isWithin())
    return;
  c.started = false;
  net::setDeadline(c, pollerOf(c).options().idle_ms);
}

Found find(Connection &c, Message &message) {
  net::Input &input = c.input;
  if (input.isEmpty() || input.scanned == input.end)
    return Found::Part;
  Socket &s = socketOf(c);
  s.isPinged = false;
  for (;;) {
    size_t size = input.end - input.begin;
    switch (s.reader.next(input.at(input.begin), size, kindOf(c).maxMessage)) {
    case MessageReader::ping:
      answerPing(c, s.reader.control());
      break;
    case MessageReader::closed:
      return Found::Invalid;
    case MessageReader::more:
      restForNow(c, size);
      return Found::Part;
    case MessageReader::message:
      message = {input.begin, s.reader.length(), s.reader.used()};
      input.taken = message.taken;
      return Found::Whole;
    }
  }
}

void refuse(Connection &c) {
  const uint16_t code = socketOf(c).reader.code();
  closeWith(c, code != 0 ? code : kInternalError); // there was no memory
}

void expire(Connection &c) { closeWith(c, kPolicy, "the message has taken too long"); }

void forgetRequest(Socket &s) {
  forget(s.request);
  s.request = nullptr;
}

Ending end(Connection &c, int error) {
  Socket &s = socketOf(c);
  forgetRequest(s);
  if (error != 0)
    closeWith(c, kInternalError);
  if (!s.isClosed)
    return Ending::Keep;
  c.more = true; // the client says that it closes, too, which must not find a closed door
  return Ending::Close;
}

void rest(Connection &) {}

void close(Connection &c) {
  Socket &s = socketOf(c);
  forgetRequest(s);
  free(&s);
  c.exchange = nullptr;
}

/// Half of the time that the client may be silent is over, or all of it.
bool linger(Connection &c) {
  Socket &s = socketOf(c);
  if (s.isPinged)
    return false;
  s.isPinged = true;
  net::setDeadline(c, pollerOf(c).options().idle_ms);
  const net::Locked lock(c.output.mutex);
  postControl(c, Opcode::Ping, {});
  return true;
}

void leave(Connection &c) { closeWith(c, kGoingAway); }

constexpr net::Layer kLayer = {find, refuse, expire, end, rest, close, linger, leave, false};

} // namespace

bool isServerOfSockets(const net::Server &server) { return server.layer && server.layer->find == find; }

bool isSocket(const Connection &c) { return isServerOfSockets(pollerOf(c).server); }

/// As much of a text as there is room for, in whole characters.
static size_t fitting(std::string_view text, size_t room) {
  size_t length = std::min(text.size(), room);
  while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80)
    --length;
  return length;
}

void closeWith(Connection &c, uint16_t code, std::string_view reason) {
  Socket &s = socketOf(c);
  if (s.isClosed)
    return;
  s.isClosed = true;
  s.code = code;
  char payload[kMostControl] = {static_cast<char>(code >> 8), static_cast<char>(code)};
  const size_t length = code == kNoCode ? 0 : 2 + fitting(reason, kMostControl - 2);
  if (length > 2)
    memcpy(payload + 2, reason.data(), length - 2);
  const net::Locked lock(c.output.mutex);
  postControl(c, Opcode::Close, {payload, length});
  c.output.shut = true; // nothing may follow
}

} // namespace flux::websocket

using namespace flux::websocket;

flux_net_server *flux_websocket_serve(flux_net_server *http, const flux_websocket_options *options) {
  void *memory = malloc(sizeof(Kind));
  if (!memory) {
    flux::net::complain("out of memory");
    return nullptr;
  }
  flux_net_options net = options ? options->net : flux_net_options();
  constexpr uint32_t kDefaultMessage = 64 * 1024, kDefaultIdle = 60 * 1000;
  auto *kind = new (memory) Kind{kLayer, net.max_message != 0 ? net.max_message : kDefaultMessage};
  net.frame = FLUX_NET_BYTES;
  net.max_message = kind->maxMessage + static_cast<uint32_t>(MessageReader::kMostBehind);
  net.tls = nullptr; // the door's
  if (net.idle_ms == 0)
    net.idle_ms = kDefaultIdle;
  if (net.idle_ms != FLUX_NET_NEVER)
    net.idle_ms = (net.idle_ms + 1) / 2;
  flux_net_server *server = flux::net::serveBehind(*http, &kind->layer, net);
  if (!server)
    free(memory);
  return server;
}

int flux_websocket_next(flux_net_server *server, flux_net_connection **connection, char **data, size_t *length,
                        int *type) {
  const int status = flux_net_next(server, connection, data, length);
  if (status == 0 && type)
    *type = static_cast<int>(socketOf(**connection).reader.type());
  return status;
}

int flux_websocket_code(const flux_net_connection *connection) { return socketOf(*connection).code; }
