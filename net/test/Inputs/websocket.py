"""A client of WebSocket whose bytes are the test's own."""
import socket
import struct

from server import check, receive

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY, ANSWER = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, 1.3


def request(path="/socket", **changes):
    """A handshake; a field that is None is left out, one that is a list comes several times."""
    fields = {"Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Key": KEY,
              "Sec_WebSocket_Version": "13", **changes}
    method = fields.pop("method", "GET")
    lines = [f"{method} {path} HTTP/{fields.pop('version', '1.1')}"]
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values] if values is not None else []:
            lines.append(f"{name.replace('_', '-')}: {value}")
    return "\r\n".join(lines + ["", ""]).encode()


def frame(opcode, payload=b"", final=True, reserved=0, mask=b"\x12\x9a\x00\xff", length=None, wide=0):
    """A frame; `mask` None: it is bare; `length`: what it claims; `wide`: in how many bytes at least."""
    length = len(payload) if length is None else length
    masked = 0x80 if mask is not None else 0
    head = bytes([final << 7 | reserved << 4 | opcode])
    if length < 126 and wide == 0:
        head += bytes([masked | length])
    elif length < 65536 and wide < 8:
        head += bytes([masked | 126]) + struct.pack(">H", length)
    else:
        head += bytes([masked | 127]) + struct.pack(">Q", length)
    if mask is None:
        return head + payload
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def closing(code=None, reason=b""):
    return frame(CLOSE, b"" if code is None else struct.pack(">H", code) + reason)


class Client:
    def __init__(self, server, path="/socket", more=b"", **changes):
        self.socket = server.connect()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request(path, **changes) + more)
        self.head = self.read_head()
        check(self.head.startswith("HTTP/1.1 101 ") and f"Sec-WebSocket-Accept: {ANSWER}\r\n" in self.head, "it is accepted")

    def read_head(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self.socket.recv(1)
            check(byte, "a head is whole")
            head += byte
        return head.decode()

    def send(self, data):
        self.socket.sendall(data)

    def get(self):
        """The next message or control frame, as (opcode, payload), or None at the end of the connection."""
        try:
            head = receive(self.socket, 2)
        except ConnectionResetError:
            return ("reset", b"")
        if not head:
            return None
        opcode, length = head[0] & 15, head[1]
        check(head[0] & 0xf0 == 0x80 and length < 128, "the server sends whole messages, and bare ones")
        if length == 126:
            (length,) = struct.unpack(">H", receive(self.socket, 2))
            check(length > 125, "a length is as short as can be")
        elif length == 127:
            (length,) = struct.unpack(">Q", receive(self.socket, 8))
            check(length > 65535, "a length is as short as can be")
        payload = receive(self.socket, length)
        check(len(payload) == length, "a frame is whole")
        return opcode, payload

    def end(self, code=1000):
        """Closes, as a client should; nothing else may come."""
        self.send(closing(code))
        check(self.get() == (CLOSE, struct.pack(">H", code)), f"{code} is answered")
        check(self.get() is None, "the server closes first")
        self.socket.close()
