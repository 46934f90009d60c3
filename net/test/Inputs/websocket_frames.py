"""What frames are answered by, each case sent at once, and in single bytes. The cases that matter of those that Autobahn has."""
import sys

from server import check, running
from websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Client, closing, frame

MIB = 1 << 20
UNFINISHED = dict(final=False)


def close(code):
    return (CLOSE, code.to_bytes(2, "big"))


def echo(payload, opcode=TEXT):
    return [frame(opcode, payload)], [(opcode, payload)]


def cut(payload, size, opcode=TEXT):
    """A message in frames of `size` bytes."""
    parts = [payload[at : at + size] for at in range(0, len(payload), size)]
    return [frame(opcode if i == 0 else CONTINUATION, part, final=i == len(parts) - 1) for i, part in enumerate(parts)]


CASES = {"nothing": ([], [])}
for size in [0, 1, 7, 8, 9, 125, 126, 127, 128, 1000, 65535, 65536, 65537]:
    CASES[f"text of {size}"] = echo(b"*" * size)
    CASES[f"binary of {size}"] = echo(b"\xfe" * size, BINARY)
CASES["all bytes"] = echo(bytes(range(256)) * 5, BINARY)
CASES["several messages"] = ([frame(TEXT, b"a"), frame(BINARY, b"b"), frame(TEXT, b"")], [(TEXT, b"a"), (BINARY, b"b"), (TEXT, b"")])
CASES["no mask to speak of"] = ([frame(TEXT, b"abc", mask=b"\0\0\0\0")], [(TEXT, b"abc")])

# Pings and pongs.
for payload in [b"", b"hello", bytes(range(125))]:
    CASES[f"ping of {len(payload)}"] = ([frame(PING, payload)], [(PONG, payload)])
CASES["ten pings"] = ([frame(PING, bytes([i])) for i in range(10)], [(PONG, bytes([i])) for i in range(10)])
CASES["pongs that nobody asked for"] = ([frame(PONG), frame(PONG, b"x"), frame(TEXT, b"a")], [(TEXT, b"a")])
CASES["a ping of 126"] = ([frame(PING, b"x" * 126)], [close(1002)])
CASES["a ping in two"] = ([frame(PING, b"x", final=False)], [close(1002)])
CASES["a ping amid a message"] = ([frame(TEXT, b"ab", **UNFINISHED), frame(PING, b"!"), frame(CONTINUATION, b"cd")],
                                  [(PONG, b"!"), (TEXT, b"abcd")])

# Bits, opcodes, masks and lengths.
for reserved in range(1, 8):
    CASES[f"reserved bits {reserved}"] = ([frame(TEXT, b"a"), frame(TEXT, b"b", reserved=reserved), frame(PING)],
                                          [(TEXT, b"a"), close(1002)])
CASES["reserved bits of a ping"] = ([frame(PING, b"b", reserved=4)], [close(1002)])
for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]:
    CASES[f"opcode {opcode}"] = ([frame(opcode, b"b"), frame(PING)], [close(1002)])
CASES["no mask"] = ([frame(TEXT, b"abc", mask=None)], [close(1002)])
CASES["no mask of a ping"] = ([frame(PING, b"abc", mask=None)], [close(1002)])
CASES["a length in two bytes too many"] = ([frame(TEXT, b"abc", wide=2)], [close(1002)])
CASES["a length in eight bytes too many"] = ([frame(TEXT, b"x" * 300, wide=8)], [close(1002)])
CASES["a length of more than there is"] = ([frame(TEXT, b"", length=1 << 63)], [close(1002)])
CASES["too long"] = ([frame(TEXT, b"x", length=MIB + 1)], [close(1009)])
CASES["much too long"] = ([frame(BINARY, b"x", length=(1 << 63) - 1)], [close(1009)])
CASES["too long together"] = ([frame(BINARY, b"x", **UNFINISHED), frame(CONTINUATION, b"x", length=MIB)], [close(1009)])

# Fragments.
CASES["two parts"] = (cut(b"abcdef", 3), [(TEXT, b"abcdef")])
CASES["single bytes"] = (cut(b"abcdef" * 50, 1, BINARY), [(BINARY, b"abcdef" * 50)])
CASES["empty parts"] = ([frame(TEXT, b"", **UNFINISHED), frame(CONTINUATION, b"", **UNFINISHED), frame(CONTINUATION)], [(TEXT, b"")])
CASES["an empty part in front"] = ([frame(TEXT, **UNFINISHED), frame(CONTINUATION, b"abc")], [(TEXT, b"abc")])
CASES["an empty part behind"] = ([frame(TEXT, b"abc", **UNFINISHED), frame(CONTINUATION)], [(TEXT, b"abc")])
CASES["a continuation of nothing"] = ([frame(CONTINUATION, b"abc")], [close(1002)])
CASES["one that has begun, of nothing"] = ([frame(CONTINUATION, b"abc", **UNFINISHED)], [close(1002)])
CASES["one behind a whole message"] = ([frame(TEXT, b"a"), frame(CONTINUATION, b"b")], [(TEXT, b"a"), close(1002)])
CASES["a message amid another"] = ([frame(TEXT, b"a", **UNFINISHED), frame(TEXT, b"b")], [close(1002)])
CASES["pings everywhere"] = ([part for each in cut(b"x" * 100, 10) for part in (each, frame(PING, b"p"))],
                             [(PONG, b"p")] * 9 + [(TEXT, b"x" * 100), (PONG, b"p")])

# UTF-8.
GOOD = ["κόσμε", "Hello-µ@ßöäüàá-UTF-8!!", "\0", "\x7f", "\x80", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd", "\uffff",
        "\U00010000", "\U0010ffff", "x" * 9 + "é" + "y" * 9]
for text in GOOD:
    data = text.encode()
    CASES[f"text {ascii(text)}"] = echo(data)
    CASES[f"text {ascii(text)} in bytes"] = (cut(data, 1), [(TEXT, data)])
BAD = [b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc3\x28", b"\xe0\x80\xaf", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xed\xbf\xbf",
       b"\xf0\x80\x80\xaf", b"\xf0\x8f\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xfe", b"\xff",
       b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited", b"12345678\xff2345678", b"\xe2\x82", b"\xf0\x9f\x98", b"\xce"]
for data in BAD:
    CASES[f"no text {data}"] = ([frame(TEXT, data)], [close(1007)])
    CASES[f"no text {data} in bytes"] = (cut(data, 1), [close(1007)])
    CASES[f"binary {data}"] = echo(data, BINARY)
CASES["wrong before its end"] = ([frame(TEXT, b"ab\xff", **UNFINISHED)], [close(1007)])
CASES["wrong before its frame's end"] = ([frame(TEXT, b"ab\xff", length=1000)], [close(1007)])
CASES["a character across a ping"] = ([frame(TEXT, b"\xce", **UNFINISHED), frame(PING), frame(CONTINUATION, b"\xba")],
                                      [(PONG, b""), (TEXT, b"\xce\xba")])

# Closing.
CASES["no code"] = ([closing()], [(CLOSE, b"")])
for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]:
    CASES[f"code {code}"] = ([closing(code)], [close(code)])
for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]:
    CASES[f"code {code}"] = ([closing(code)], [close(1002)])
CASES["half a code"] = ([frame(CLOSE, b"\x03")], [close(1002)])
CASES["a reason"] = ([closing(1000, "tschüß".encode())], [close(1000)])
CASES["a long reason"] = ([closing(1000, b"x" * 123)], [close(1000)])
CASES["too long a reason"] = ([closing(1000, b"x" * 124)], [close(1002)])
CASES["no reason"] = ([closing(1000, b"\xed\xa0\x80")], [close(1007)])
CASES["half a reason"] = ([closing(1000, b"\xce")], [close(1007)])
CASES["what follows"] = ([closing(1000), frame(TEXT, b"a"), frame(PING), closing(1001)], [close(1000)])
CASES["amid a message"] = ([frame(TEXT, b"a", **UNFINISHED), closing(1000), frame(CONTINUATION, b"b")], [close(1000)])
CASES["behind a message"] = ([frame(TEXT, b"a"), closing(1001)], [(TEXT, b"a"), close(1001)])

# The program closes, or does not go on.
CASES["the program closes"] = ([frame(TEXT, b"close 4001 enough")], [(CLOSE, b"\x0f\xa1enough")])
CASES["it gives no code"] = ([frame(TEXT, b"close 0 x")], [(CLOSE, b"")])
CASES["it gives a long reason"] = ([frame(TEXT, b"close 1000 " + b"x" * 122 + "é".encode())], [(CLOSE, b"\x03\xe8" + b"x" * 122)])
CASES["it gives a wrong code"] = ([frame(TEXT, b"close 1005")], [(TEXT, b"no such code")])
CASES["it fails"] = ([frame(TEXT, b"fail"), frame(PING)], [close(1011)])
CASES["it sends no messages"] = ([frame(TEXT, b"wrong"), frame(PING)], [(PONG, b"")])
CASES["it posts"] = echo(b"post something")
CASES["it sends by id"] = echo(b"send something", BINARY)


def run(name, frames, expected):
    client = Client(server)
    try:
        for data in frames:
            client.send(data)
    except (BrokenPipeError, ConnectionResetError):  # closed before the last one
        pass
    heard = [client.get() for _ in expected]
    check(heard == expected, f"{name}: {str(expected)[:200]}, and not {str(heard)[:200]}")
    if expected and expected[-1][0] == CLOSE:
        client.socket.shutdown(1)
        check(client.get() is None, f"{name}: the end")
    else:
        client.end()


with running(sys.argv[1], "127.0.0.1:0") as server:
    for name, (frames, expected) in CASES.items():
        data = b"".join(frames)
        run(name, [data], expected)
        if len(data) < 200:
            run(name + " in bytes", [bytes([byte]) for byte in data], expected)

    # Long ones, and their limit.
    for size in [MIB - 1, MIB]:
        for part in [size, 65536, 4096]:
            run(f"{size} by {part}", [b"".join(cut(b"y" * size, part))], [(TEXT, b"y" * size)])
    run("one too many", [frame(TEXT, b"y" * (MIB + 1))], [close(1009)])
    # Parts of a byte, whose heads take seven times the room of the message.
    size = 100000
    run("bytes", [b"".join(cut(b"z" * size, 1))], [(TEXT, b"z" * size)])
