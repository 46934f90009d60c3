"""Clients of HTTP/2: one that keeps the rules, by h2, and one that sends whatever frames it likes."""
import contextlib
import socket
import ssl
import tempfile

import h2.config
import h2.connection
import h2.events
import h2.settings
import hpack
import hyperframe.frame as frames

from server import check, running
from tls_server import context, make_certificate

# h2 takes any GOAWAY for the end of the connection.
_machine = h2.connection.H2ConnectionStateMachine
_key = (h2.connection.ConnectionState.CLIENT_OPEN, h2.connection.ConnectionInputs.RECV_GOAWAY)
_machine._transitions = {**_machine._transitions, _key: (None, h2.connection.ConnectionState.CLIENT_OPEN)}


@contextlib.contextmanager
def running_http2(program, *more):
    with tempfile.TemporaryDirectory() as directory:
        make_certificate(directory, "one", "one.test")
        with running(program, "127.0.0.1:0", directory, *more) as server:
            yield server


def connect(server, receive_buffer=None):
    client = socket.socket()
    client.settimeout(60)
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.connect(("127.0.0.1", server.port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    tls = context(["h2"]).wrap_socket(client, suppress_ragged_eofs=True)
    check(tls.selected_alpn_protocol() == "h2", "the server chooses HTTP/2")
    return tls


def head(path="/", method="GET", *more):
    return [(":method", method), (":path", path), (":scheme", "https"), (":authority", "one.test"), *more]


class Client:
    """Keeps the rules. `window` is what the server may send of a stream before it is allowed more."""

    def __init__(self, server, window=None, automatic=True):
        self.socket = connect(server)
        self.automatic = automatic  # what is received may be sent again
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.h2.initiate_connection()
        if window is not None:
            self.h2.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window})
        self.heads, self.bodies, self.ended, self.resets = {}, {}, set(), {}
        self.informational, self.goaways = {}, []
        self.closed = False
        self.send_pending()

    def send_pending(self):
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            self.socket.sendall(self.h2.data_to_send())

    def begin(self, headers, end=True):
        stream = self.h2.get_next_available_stream_id()
        self.h2.send_headers(stream, headers, end_stream=end)
        self.bodies[stream] = b""
        return stream

    def request(self, path="/", method="GET", *more, body=None):
        stream = self.begin(head(path, method, *more), end=body is None)
        self.send_pending()
        if body is not None:
            self.send(stream, body)
        return stream

    def send(self, stream, body, end=True):
        """Sends as the windows allow."""
        while body:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room == 0:
                self.receive()
                continue
            self.h2.send_data(stream, body[:room])
            body = body[room:]
            self.send_pending()
        if end:
            self.h2.end_stream(stream)
            self.send_pending()

    def receive(self):
        """Handles what comes next."""
        data = b""
        with contextlib.suppress(ConnectionError, ssl.SSLError):  # a connection that is broken off
            data = self.socket.recv(65536)
        if not data:
            self.closed = True
            return
        for event in self.h2.receive_data(data):
            if isinstance(event, h2.events.ResponseReceived):
                self.heads[event.stream_id] = dict(event.headers)
            elif isinstance(event, h2.events.InformationalResponseReceived):
                self.informational[event.stream_id] = dict(event.headers)
            elif isinstance(event, h2.events.DataReceived):
                self.bodies[event.stream_id] += event.data
                if self.automatic:
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                self.ended.add(event.stream_id)
            elif isinstance(event, h2.events.StreamReset):
                self.resets[event.stream_id] = int(event.error_code)
            elif isinstance(event, h2.events.ConnectionTerminated):
                self.goaways.append((event.last_stream_id, int(event.error_code)))
        self.send_pending()

    def until(self, condition, what):
        while not condition():
            check(not self.closed, f"{what}, before the end")
            self.receive()

    def answer(self, stream):
        self.until(lambda: stream in self.ended or stream in self.resets, f"an answer to stream {stream}")
        return int(self.heads.get(stream, {}).get(":status", 0)), self.bodies[stream]

    def get(self, *arguments, **options):
        return self.answer(self.request(*arguments, **options))

    def until_end(self):
        while not self.closed:
            self.receive()

    def close(self):
        self.socket.close()


class Raw:
    """Sends frames as they are given, and keeps those that come."""

    PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    def __init__(self, server, preface=PREFACE, settings=(), receive_buffer=None):
        self.socket = connect(server, receive_buffer)
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.data = b""
        if preface is not None:
            self.socket.sendall(preface)
        if preface == self.PREFACE:
            self.send(frames.SettingsFrame(0, dict(settings)))

    def send(self, *sent):
        self.write(b"".join(frame.serialize() for frame in sent))

    def write(self, data):
        # The server may have heard enough.
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            self.socket.sendall(data)

    def headers(self, stream, headers=None, flags=("END_HEADERS", "END_STREAM")):
        frame = frames.HeadersFrame(stream, self.encoder.encode(headers or head()))
        for flag in flags:
            frame.flags.add(flag)
        return frame

    def frame(self):
        """The next one; None at the end."""
        while True:
            if len(self.data) >= 9:
                made, length = frames.Frame.parse_frame_header(memoryview(self.data[:9]))
                if len(self.data) >= 9 + length:
                    made.parse_body(memoryview(self.data[9 : 9 + length]))
                    self.data = self.data[9 + length :]
                    if isinstance(made, frames.HeadersFrame):
                        made.decoded = dict(self.decoder.decode(made.data))
                    return made
            try:
                more = self.socket.recv(65536)
            except (ConnectionError, ssl.SSLError):
                more = b""
            if not more:
                return None
            self.data += more

    def until(self, kind, stream=None):
        """The next frame of that kind, or None."""
        while (made := self.frame()) is not None:
            if isinstance(made, kind) and stream in (None, made.stream_id):
                return made
        return None

    def alive(self):
        """Whether the connection still answers."""
        self.send(frames.PingFrame(0, b"are you?"))
        while (made := self.until(frames.PingFrame)) is not None:
            if "ACK" in made.flags and bytes(made.opaque_data) == b"are you?":
                return True
        return False

    def close(self):
        self.socket.close()
