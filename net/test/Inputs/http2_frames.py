"""What RFC 9113 says of connections and streams that break its rules: a table of frames and what comes of them."""
import sys

import hyperframe.frame as frames

from http2_client import Raw, head, running_http2
from server import check

PROTOCOL, FLOW, CLOSED, SIZE, COMPRESSION = 1, 3, 5, 6, 9


def bare(kind, stream, body, flags=0):
    """A frame, whatever is in it."""
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body


def data(stream, body=b"x", *flags):
    frame = frames.DataFrame(stream, body)
    for flag in flags:
        frame.flags.add(flag)
    return frame.serialize()


def headers(raw, stream, fields=None, *flags):
    return raw.headers(stream, fields, flags).serialize()


def get(raw, stream=1, fields=None):
    return headers(raw, stream, fields, "END_HEADERS", "END_STREAM")


def post(raw, stream=1, fields=None):
    return headers(raw, stream, fields or head("/count", "POST"), "END_HEADERS")


def but(field=None, without=None, more=()):
    """The fields of a request with a change."""
    return [pair for pair in head() if pair[0] != without] + ([field] if field else []) + list(more)


# So that a flow that answers does not read meanwhile.
NO_WINDOW = bare(4, 0, b"\0\4\0\0\0\0")

# What ends the connection, and the errors of its GOAWAY.
CONNECTION = [
    ("a frame before the settings", (PROTOCOL,), None),
    ("a frame that is too long", (SIZE,), lambda raw: bare(0, 1, b"x" * 16385)),
    ("a head on stream 0", (PROTOCOL,), lambda raw: bare(1, 0, raw.encoder.encode(head()), 5)),
    ("a head on an even stream", (PROTOCOL,), lambda raw: get(raw, 2)),
    ("data on stream 0", (PROTOCOL,), lambda raw: bare(0, 0, b"x")),
    ("data on a stream that was not begun", (PROTOCOL, CLOSED), lambda raw: data(1)),
    ("data with more padding than there is", (PROTOCOL,), lambda raw: post(raw) + bare(0, 1, b"\x09x", 8)),
    ("a reset on stream 0", (PROTOCOL,), lambda raw: bare(3, 0, bytes(4))),
    ("a reset of a stream that was not begun", (PROTOCOL,), lambda raw: bare(3, 1, bytes(4))),
    ("a reset that is too short", (SIZE,), lambda raw: post(raw) + bare(3, 1, bytes(3))),
    ("a window that grows by nothing", (PROTOCOL,), lambda raw: bare(8, 0, bytes(4))),
    ("a window that grows too large", (FLOW,), lambda raw: bare(8, 0, b"\x7f\xff\xff\xff")),
    ("a window of a stream that was not begun", (PROTOCOL,), lambda raw: bare(8, 1, b"\0\0\0\1")),
    ("a window of the wrong size", (SIZE,), lambda raw: bare(8, 0, b"\0\0\1")),
    ("settings on a stream", (PROTOCOL,), lambda raw: bare(4, 1, b"")),
    ("settings of the wrong size", (SIZE,), lambda raw: bare(4, 0, bytes(5))),
    ("an acknowledgement with settings", (SIZE,), lambda raw: bare(4, 0, bytes(6), 1)),
    ("a push that is neither on nor off", (PROTOCOL,), lambda raw: bare(4, 0, b"\0\2\0\0\0\2")),
    ("an initial window that is too large", (FLOW,), lambda raw: bare(4, 0, b"\0\4\x80\0\0\0")),
    ("frames that may be too short", (PROTOCOL,), lambda raw: bare(4, 0, b"\0\5\0\0\0\1")),
    ("a ping of the wrong size", (SIZE,), lambda raw: bare(6, 0, bytes(7))),
    ("a ping on a stream", (PROTOCOL,), lambda raw: bare(6, 1, bytes(8))),
    ("a farewell on a stream", (PROTOCOL,), lambda raw: bare(7, 1, bytes(8))),
    ("a promise of a client", (PROTOCOL,), lambda raw: post(raw) + bare(5, 1, bytes(4), 4)),
    ("the rest of no head", (PROTOCOL,), lambda raw: bare(9, 1, b"", 4)),
    ("a head that something else interrupts", (PROTOCOL,), lambda raw: headers(raw, 1) + bare(6, 0, bytes(8))),
    ("a head whose rest is another stream's", (PROTOCOL,), lambda raw: headers(raw, 1) + bare(9, 3, b"", 4)),
    ("a head that cannot be decoded", (COMPRESSION,), lambda raw: bare(1, 1, b"\xff\xff\xff\xff\xff\xff", 5)),
    ("more than the window of a connection allows", (FLOW,),
     lambda raw: NO_WINDOW + b"".join(post(raw, 2 * i + 1, head("/stream?1", "POST")) for i in range(25)) +
     b"".join(data(2 * i + 1, b"x" * 16384) for i in range(25) for _ in range(3))),
]

# What ends a stream, and the errors of its RST_STREAM or the status of its answer.
STREAM = [
    # Which nghttp2 takes for an error of the connection, as section 5.4.2 lets it.
    ("a window of a stream that grows by nothing", ("GOAWAY 1",), lambda raw: post(raw) + bare(8, 1, bytes(4))),
    ("a window of a stream that grows too large", (FLOW,), lambda raw: post(raw) + bare(8, 1, b"\x7f\xff\xff\xff")),
    ("a name with capitals", (PROTOCOL,), lambda raw: get(raw, 1, but(("X-Field", "x")))),
    ("a name with a colon", (PROTOCOL,), lambda raw: get(raw, 1, but(("x:y", "x")))),
    ("a name with a blank", (PROTOCOL,), lambda raw: get(raw, 1, but(("x y", "x")))),
    ("an empty name", (PROTOCOL,), lambda raw: get(raw, 1, but(("", "x")))),
    ("a value with CR", (PROTOCOL,), lambda raw: get(raw, 1, but(("x", "a\rb")))),
    ("a value with LF", (PROTOCOL,), lambda raw: get(raw, 1, but(("x", "a\r\nhost: other")))),
    ("a value with NUL", (PROTOCOL,), lambda raw: get(raw, 1, but(("x", "a\0b")))),
    ("a field of the connection", (PROTOCOL,), lambda raw: get(raw, 1, but(("connection", "close")))),
    ("a coding of HTTP/1", (PROTOCOL,), lambda raw: get(raw, 1, but(("transfer-encoding", "chunked")))),
    ("an upgrade", (PROTOCOL,), lambda raw: get(raw, 1, but(("upgrade", "websocket")))),
    ("a TE other than trailers", (PROTOCOL,), lambda raw: get(raw, 1, but(("te", "gzip")))),
    ("no method", (PROTOCOL,), lambda raw: get(raw, 1, but(without=":method"))),
    ("no path", (PROTOCOL,), lambda raw: get(raw, 1, but(without=":path"))),
    ("no scheme", (PROTOCOL,), lambda raw: get(raw, 1, but(without=":scheme"))),
    ("no authority", (PROTOCOL,), lambda raw: get(raw, 1, but(without=":authority"))),
    ("two paths", (PROTOCOL,), lambda raw: get(raw, 1, [(":path", "/other"), *head()])),
    ("an empty path", (PROTOCOL, 400), lambda raw: get(raw, 1, [(":path", ""), *but(without=":path")])),
    ("a path that is none", (PROTOCOL, 400), lambda raw: get(raw, 1, [(":path", "x"), *but(without=":path")])),
    ("a path with a version", (PROTOCOL, 400), lambda raw: get(raw, 1, [(":path", "/ HTTP/1.1"), *but(without=":path")])),
    ("a path that is a whole address", (PROTOCOL, 400),
     lambda raw: get(raw, 1, [(":path", "https://other/"), *but(without=":path")])),
    ("a path with its root above it", (400,), lambda raw: get(raw, 1, [(":path", "/../x"), *but(without=":path")])),
    ("an authority that is none", (PROTOCOL, 400), lambda raw: get(raw, 1, [(":authority", "a b"), *but(without=":authority")])),
    ("an authority with a user", (400,), lambda raw: get(raw, 1, [(":authority", "me@x"), *but(without=":authority")])),
    ("another host", (400,), lambda raw: get(raw, 1, but(("host", "other.test")))),
    ("a method that is none", (PROTOCOL, 400), lambda raw: get(raw, 1, [(":method", "G T"), *but(without=":method")])),
    ("a pseudo-field of answers", (PROTOCOL,), lambda raw: get(raw, 1, [(":status", "200"), *head()])),
    ("an unknown pseudo-field", (PROTOCOL,), lambda raw: get(raw, 1, [(":new", "x"), *head()])),
    ("a pseudo-field behind others", (PROTOCOL,), lambda raw: get(raw, 1, [("x", "y"), *head()])),
    ("CONNECT with a path", (PROTOCOL,), lambda raw: get(raw, 1, head("/", "CONNECT"))),
    ("a length that is no number", (PROTOCOL, 400), lambda raw: get(raw, 1, but(("content-length", "+1")))),
    ("two lengths", (PROTOCOL, 400),
     lambda raw: post(raw, 1, [*head("/count", "POST"), ("content-length", "1"), ("content-length", "1")])),
    ("a body longer than its length", (PROTOCOL,),
     lambda raw: post(raw, 1, [*head("/count", "POST"), ("content-length", "1")]) + data(1, b"xx", "END_STREAM")),
    ("a body shorter than its length", (PROTOCOL,),
     lambda raw: post(raw, 1, [*head("/count", "POST"), ("content-length", "3")]) + data(1, b"xx", "END_STREAM")),
    ("trailers with a pseudo-field", (PROTOCOL,),
     lambda raw: post(raw) + headers(raw, 1, [(":path", "/")], "END_HEADERS", "END_STREAM")),
    ("trailers that are not the end", (PROTOCOL,), lambda raw: post(raw) + headers(raw, 1, [("x", "y")], "END_HEADERS")),
    ("more than the window of a stream allows", (FLOW,),
     lambda raw: NO_WINDOW + post(raw, 1, head("/stream?1", "POST")) + b"".join(data(1, b"x" * 16384) for _ in range(5))),
    # And what breaks none.
    ("trailers", (200,), lambda raw: post(raw) + data(1) + headers(raw, 1, [("x", "y")], "END_HEADERS", "END_STREAM")),
    ("the same host again", (200,), lambda raw: get(raw, 1, but(("host", "ONE.test")))),
    ("a host alone", (200,), lambda raw: get(raw, 1, but(("host", "one.test"), without=":authority"))),
    ("TE: trailers", (200,), lambda raw: get(raw, 1, but(("te", "trailers")))),
    ("an unknown frame", (200,), lambda raw: bare(0x77, 1, b"whatever") + get(raw)),
    ("an unknown setting", (200,), lambda raw: bare(4, 0, b"\x77\x77\0\0\0\1") + get(raw)),
    ("padding", (200,), lambda raw: post(raw) + bare(0, 1, b"\x03body\0\0\0", 9)),
    ("an empty frame at the end", (200,), lambda raw: post(raw) + data(1, b"xyz") + data(1, b"", "END_STREAM")),
    ("a head in pieces", (200,), lambda raw: in_pieces(raw)),
    ("OPTIONS of the server", (200,), lambda raw: get(raw, 1, head("*", "OPTIONS"))),
]


def in_pieces(raw):
    block = raw.encoder.encode(head())
    return bare(1, 1, block[:3], 1) + bare(9, 1, block[3:5]) + bare(9, 1, block[5:], 4)


with running_http2(sys.argv[1]) as server:
    raw = Raw(server, preface=b"GET / HTTP/1.1\r\nHost: one.test\r\n\r\n")
    goaway = raw.until(frames.GoAwayFrame)
    check(goaway is None or goaway.error_code == PROTOCOL, "a client that speaks something else")
    for what, expected, make in CONNECTION:
        raw = Raw(server, preface=Raw.PREFACE if make else None)
        raw.write(make(raw) if make else Raw.PREFACE + bare(6, 0, bytes(8)))
        goaway = raw.until(frames.GoAwayFrame)
        check(goaway is not None, f"{what}: the connection ends with a farewell")
        check(goaway.error_code in expected, f"{what}: {goaway.error_code} is one of {expected}")
        check(raw.until(frames.PingFrame) is None, f"{what}: it ends")
        raw.close()
    for what, expected, make in STREAM:
        raw = Raw(server)
        raw.write(make(raw))
        result = None
        while result is None and (frame := raw.frame()) is not None:
            if frame.stream_id == 1 and isinstance(frame, frames.RstStreamFrame):
                result = frame.error_code
            elif frame.stream_id == 1 and isinstance(frame, frames.HeadersFrame) and max(expected) >= 100:
                result = int(frame.decoded[":status"])  # else the answer may have begun before what ends it
            elif isinstance(frame, frames.GoAwayFrame):
                result = f"GOAWAY {frame.error_code}"
        check(result in expected, f"{what}: {result} is one of {expected}")
        check(isinstance(result, str) or raw.alive(), f"{what}: the connection goes on")
        raw.close()
