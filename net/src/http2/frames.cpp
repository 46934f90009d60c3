/// frames.cpp - what nghttp2 tells of the frames that it reads and writes.
#include "poller.h"
#include "stream.h"

#include <algorithm>
#include <new>
#include <stdlib.h>

namespace flux::http2 {

namespace {

Session &of(void *session) { return *static_cast<Session *>(session); }

Stream *streamOf(nghttp2_session *frames, int32_t id) {
  return static_cast<Stream *>(nghttp2_session_get_stream_user_data(frames, id));
}

bool expectsContinue(const http::Request &request) {
  http::FieldList expected(request, "Expect");
  std::string_view element;
  return expected.next(element);
}

/// Parses the head that has ended.
void parse(Session &s, Stream &stream, char *text, size_t length, bool hasBody) {
  stream.refusal = http::parseHead(text, length, s.settings.limits, stream.scratch, stream);
  if (stream.refusal != http::Refusal::none)
    return;
  if (!hasBody)
    stream.framing = http::Framing::none;
  else if (stream.framing == http::Framing::none && stream.find("Content-Length") == stream.fieldCount)
    stream.framing = http::Framing::chunked; // it ends where it ends
  stream.expectContinue = hasBody && expectsContinue(stream);
  if (stream.framing == http::Framing::length && stream.contentLength > s.settings.maxBody)
    stream.refusal = http::Refusal::longBody;
}

/// A head has ended: it gets a flow, an answer of our own, or is told to come again.
int arrive(Session &s, const nghttp2_frame &frame) {
  const int32_t id = frame.hd.stream_id;
  http::Refusal refusal = s.head.refusal();
  size_t length = 0;
  const bool isRefused = s.flows >= kMostStreams || s.hasLeft;
  char *text = isRefused || refusal != http::Refusal::none ? nullptr : s.head.text(length);
  s.head.end();
  if (refusal == http::Refusal::none && length > s.settings.limits.head)
    refusal = http::Refusal::longHead;
  void *memory = isRefused || (!text && refusal == http::Refusal::none) ? nullptr : malloc(sizeof(Stream));
  if (!memory) {
    free(text);
    return nghttp2_submit_rst_stream(s.frames, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
  }
  auto *stream = new (memory) Stream(s, id);
  stream->keepHead(text, length);
  stream->inputEnded = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (refusal == http::Refusal::none)
    parse(s, *stream, text, length, !stream->inputEnded);
  else
    stream->refusal = refusal;
  nghttp2_session_set_stream_user_data(s.frames, id, stream);
  if (stream->refusal == http::Refusal::none) {
    s.hand(*stream);
  } else {
    stream->nextRefused = s.refused;
    s.refused = stream;
  }
  return 0;
}

int onBeginFrame(nghttp2_session *, const nghttp2_frame_hd *header, void *session) {
  Session &s = of(session);
  switch (header->type) {
  case NGHTTP2_HEADERS:
    s.guard.frames.add(Guard::kWorth);
    s.guard.continuations = 0;
    return 0;
  case NGHTTP2_CONTINUATION:
    if (++s.guard.continuations > Guard::kMostContinuations)
      s.terminate(NGHTTP2_ENHANCE_YOUR_CALM);
    return 0;
  case NGHTTP2_DATA:
    if (header->length > 0) {
      s.guard.frames.add(1);
      return 0;
    }
    [[fallthrough]];
  default:
    if (!s.guard.frames.spend())
      s.terminate(NGHTTP2_ENHANCE_YOUR_CALM);
    return 0;
  }
}

int onBeginHeaders(nghttp2_session *, const nghttp2_frame *frame, void *session) {
  Session &s = of(session);
  if (frame->hd.type != NGHTTP2_HEADERS)
    return 0;
  // Trailers are counted, and thrown away.
  const bool isRequest = frame->headers.cat == NGHTTP2_HCAT_REQUEST;
  s.head.begin(s.settings.limits.head, isRequest);
  s.headBy = net::deadlineIn(s.connection.poller.load(std::memory_order_relaxed)->options().message_ms);
  if (isRequest)
    ++s.open;
  return 0;
}

int onHeader(nghttp2_session *, const nghttp2_frame *, nghttp2_rcbuf *name, nghttp2_rcbuf *value, uint8_t,
             void *session) {
  Session &s = of(session);
  s.head.add(name, value);
  if (!s.head.isFlood())
    return 0;
  // The rest may be as much again as often as there are bytes.
  s.terminate(NGHTTP2_ENHANCE_YOUR_CALM);
  return NGHTTP2_ERR_CALLBACK_FAILURE;
}

int onFrame(nghttp2_session *frames, const nghttp2_frame *frame, void *session) {
  Session &s = of(session);
  switch (frame->hd.type) {
  case NGHTTP2_HEADERS:
    if (frame->headers.cat == NGHTTP2_HCAT_REQUEST)
      return arrive(s, *frame);
    s.head.end();
    [[fallthrough]];
  case NGHTTP2_DATA:
    if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM)
      if (Stream *stream = streamOf(frames, frame->hd.stream_id)) {
        stream->inputEnded = true;
        stream->notify();
      }
    return 0;
  case NGHTTP2_RST_STREAM:
    if (const Stream *stream = streamOf(frames, frame->hd.stream_id);
        (!stream || stream->hasFlow) && !s.guard.resets.spend())
      s.terminate(NGHTTP2_ENHANCE_YOUR_CALM);
    return 0;
  default:
    return 0;
  }
}

int onData(nghttp2_session *frames, uint8_t, int32_t id, const uint8_t *data, size_t size, void *session) {
  Stream *stream = streamOf(frames, id);
  if (!stream || !stream->hasFlow || stream->refusal != http::Refusal::none)
    return nghttp2_session_consume(frames, id, size);
  stream->received += size;
  stream->isTooLong |= stream->received > of(session).settings.maxBody;
  if (stream->isTooLong) {
    stream->notify();
    return nghttp2_session_consume_connection(frames, size);
  }
  stream->receive(data, size);
  return 0;
}

int onClose(nghttp2_session *frames, int32_t id, uint32_t, void *session) {
  Session &s = of(session);
  --s.open;
  if (Stream *stream = streamOf(frames, id))
    closeStream(*stream);
  s.lessBusy();
  return 0;
}

int onSent(nghttp2_session *frames, const nghttp2_frame *frame, void *session) {
  const bool isOurs = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
  if (!isOurs)
    return 0;
  of(session).guard.frames.add(Guard::kWorth);
  Stream *stream = frame->hd.flags & NGHTTP2_FLAG_END_STREAM ? streamOf(frames, frame->hd.stream_id) : nullptr;
  if (!stream)
    return 0;
  stream->outputEnded = true;
  // What the client still sends of a body is not wanted any more (RFC 9113, 8.1).
  if (!stream->inputEnded && !stream->hasFlow)
    nghttp2_submit_rst_stream(frames, NGHTTP2_FLAG_NONE, stream->id, NGHTTP2_NO_ERROR);
  return 0;
}

int onNotSent(nghttp2_session *frames, const nghttp2_frame *frame, int, void *) {
  if (frame->hd.type == NGHTTP2_HEADERS)
    nghttp2_submit_rst_stream(frames, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_INTERNAL_ERROR);
  return 0;
}

nghttp2_session *make(Session &s) {
  nghttp2_session_callbacks *callbacks = nullptr;
  nghttp2_option *option = nullptr;
  nghttp2_session *made = nullptr;
  if (nghttp2_session_callbacks_new(&callbacks) == 0 && nghttp2_option_new(&option) == 0) {
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, onBeginFrame);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, onBeginHeaders);
    nghttp2_session_callbacks_set_on_header_callback2(callbacks, onHeader);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onData);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onClose);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, onSent);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, onNotSent);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_no_closed_streams(option, 1);
    nghttp2_session_server_new2(&made, callbacks, &s, option);
  }
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  return made;
}

} // namespace

bool openFrames(Session &s) {
  s.frames = make(s);
  if (!s.frames)
    return false;
  const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMostStreams},
                                             {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
                                             {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, s.settings.limits.head}};
  constexpr size_t kCount = sizeof settings / sizeof *settings;
  if (nghttp2_submit_settings(s.frames, NGHTTP2_FLAG_NONE, settings, kCount) == 0 &&
      nghttp2_session_set_local_window_size(s.frames, NGHTTP2_FLAG_NONE, 0, kConnectionWindow) == 0)
    return true;
  nghttp2_session_del(s.frames);
  return false;
}

} // namespace flux::http2
