"""Which requests become sockets, and how others are answered."""
import http.client
import sys

from server import check, receive, running, until_end
from websocket import ANSWER, KEY, TEXT, Client, frame, request

ACCEPTED = [
    ("a plain one", {}),
    ("words in another case, in lists", {"Upgrade": "h2c, WebSocket", "Connection": "keep-alive, UPGRADE"}),
    ("lists in several fields", {"Connection": ["keep-alive", "Upgrade"]}),
    ("extensions are declined", {"Sec_WebSocket_Extensions": "permessage-deflate; client_max_window_bits"}),
    ("its own origin", {"Origin": "http://LOCALHOST"}),
    ("another protocol than ours", {"Sec_WebSocket_Protocol": "chat, ECHO2"}),
]
REFUSED = [
    ("no upgrade", {"Upgrade": None}, 426),
    ("another upgrade", {"Upgrade": "h2c"}, 426),
    ("no connection option", {"Connection": "keep-alive"}, 426),
    ("another method", {"method": "PUT"}, 426),
    ("HTTP/1.0", {"version": "1.0"}, 426),
    ("no version", {"Sec_WebSocket_Version": None}, 426),
    ("an old version", {"Sec_WebSocket_Version": "8"}, 426),
    ("two versions", {"Sec_WebSocket_Version": ["13", "8"]}, 426),
    ("no key", {"Sec_WebSocket_Key": None}, 400),
    ("two keys", {"Sec_WebSocket_Key": [KEY, KEY]}, 400),
    ("a short key", {"Sec_WebSocket_Key": "dGhlIHNhbXBsZQ=="}, 400),
    ("a key without its end", {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQAA"}, 400),
    ("a key that is no base64", {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25j!Q=="}, 400),
    ("a body", {"Content_Length": "5"}, 400),
    ("another origin", {"Origin": "http://localhost.example"}, 403),
    ("another port", {"Origin": "http://localhost:81"}, 403),
    ("no origin to speak of", {"Origin": "null"}, 403),
    ("two origins", {"Origin": ["http://localhost", "http://localhost"]}, 403),
]

with running(sys.argv[1], "127.0.0.1:0") as server:
    for name, changes in ACCEPTED:
        client = Client(server, **changes)
        for absent in ["Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol", "Content-Length", "Date", "close"]:
            check(absent not in client.head, f"{name}: no {absent}")
        check("X-Path: /socket\r\n" in client.head, f"{name}: the program's fields")
        client.end()
    for name, changes, status in REFUSED:
        raw = server.connect()
        raw.sendall(request(**changes) + (b"12345" if "Content_Length" in changes else b""))
        raw.shutdown(1)
        answer = until_end(raw).decode()
        check(answer.startswith(f"HTTP/1.1 {status} "), f"{name}: {status}, and not {answer[:12]}")
        check((status == 426) == ("Sec-WebSocket-Version: 13\r\n" in answer), f"{name}: which version is spoken")

    # Protocols: names are told apart by case, and one that is not offered is not chosen.
    client = Client(server, Sec_WebSocket_Protocol="chat,echo")
    check("Sec-WebSocket-Protocol: echo\r\n" in client.head, "a protocol is chosen")
    client.end()
    for path in ["/other", "/wrong"]:  # the flow fails
        raw = server.connect()
        raw.sendall(request(path, Sec_WebSocket_Protocol="Other", Connection="Upgrade, close"))
        check(until_end(raw).startswith(b"HTTP/1.1 500 "), path)

    # Pages by the same connection before, frames right behind the handshake, and pages beside.
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    for _ in range(2):
        connection.request("GET", "/page")
        check(connection.getresponse().read() == b"a page\n", "a page")
    raw = server.connect()
    raw.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + request() + frame(TEXT, b"early") + frame(TEXT, b"bird"))
    connection.close()
    data = b""
    while not data.endswith(b"\x81\x05early\x81\x04bird"):
        part = raw.recv(1)
        check(part, "messages that come with the handshake are answered")
        data += part
    check(data.count(b"HTTP/1.1 ") == 2 and ANSWER.encode() in data, "a page and a handshake")
    raw.close()
    client = Client(server, "/greeting")
    check(client.get() == (TEXT, b"/greeting"), "the flow that accepts may speak")
    client.end()
