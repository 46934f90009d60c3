/// wslay_test.cpp - wslay's opinion of the same frames: messages, pongs and the code that it closes with have to be the
/// same.
#include "frames.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <wslay/wslay.h>

namespace {

struct Side {
  std::string input, output, log;
  size_t at = 0;
};

ssize_t give(wslay_event_context_ptr context, uint8_t *to, size_t size, int, void *data) {
  Side &side = *static_cast<Side *>(data);
  const size_t count = std::min(size, side.input.size() - side.at);
  if (count == 0) {
    wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  memcpy(to, side.input.data() + side.at, count);
  side.at += count;
  return static_cast<ssize_t>(count);
}

ssize_t take(wslay_event_context_ptr, const uint8_t *from, size_t size, int, void *data) {
  static_cast<Side *>(data)->output.append(reinterpret_cast<const char *>(from), size);
  return static_cast<ssize_t>(size);
}

void note(wslay_event_context_ptr, const wslay_event_on_msg_recv_arg *message, void *data) {
  std::string &log = static_cast<Side *>(data)->log;
  const std::string bytes(reinterpret_cast<const char *>(message->msg), message->msg_length);
  if (message->opcode == WSLAY_PING)
    log += "ping " + bytes + "\n";
  else if (message->opcode == WSLAY_TEXT_FRAME || message->opcode == WSLAY_BINARY_FRAME)
    log += std::to_string(message->opcode) + " " + bytes + "\n";
}

/// What readAll() would say.
std::string wslaysLog(const std::string &bytes) {
  Side side{bytes, {}, {}};
  wslay_event_callbacks callbacks = {};
  callbacks.recv_callback = give;
  callbacks.send_callback = take;
  callbacks.on_msg_recv_callback = note;
  wslay_event_context_ptr context;
  if (wslay_event_context_server_init(&context, &callbacks, &side) != 0)
    return "no memory";
  wslay_event_config_set_max_recv_msg_length(context, kMostLength);
  wslay_event_recv(context);
  wslay_event_send(context);
  if (wslay_event_get_close_sent(context))
    side.log += "close " + std::to_string(wslay_event_get_status_code_sent(context));
  wslay_event_context_free(context);
  return side.log;
}

/// It tells the client no code where the head of a frame breaks a rule.
std::string withoutSilence(std::string log, const std::string &ours) {
  const std::string silent = "close 1005", told = "close 1002";
  if (log.size() >= silent.size() && ours.size() == log.size() &&
      ours.compare(log.size() - told.size(), told.size(), told) == 0)
    if (const size_t at = log.size() - silent.size(); log.compare(at, silent.size(), silent) == 0)
      log.replace(at, silent.size(), told);
  return log;
}

TEST(WslayTest, Agrees) {
  Frames frames(1976);
  size_t messages = 0, agreed = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = frames.next();
    // Since it waits for all of a head that is wrong already: so many closing frames end whatever has begun.
    for (int j = 0; j < 60; ++j)
      bytes.append("\x88\x80\0\0\0\0", 6);
    const std::string ours = readAll(bytes, [] { return SIZE_MAX; });
    ASSERT_EQ(ours, withoutSilence(wslaysLog(bytes), ours)) << testing::PrintToString(bytes);
    messages += static_cast<size_t>(std::count(ours.begin(), ours.end(), '\n'));
    agreed += ours.find("close 1005") != std::string::npos;
  }
  // Most frames are good.
  EXPECT_GT(messages, 20000U);
  EXPECT_GT(agreed, 6000U);
}

} // namespace
