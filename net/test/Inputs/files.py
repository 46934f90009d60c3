import http.client
import os
import sys
import tempfile

from server import check, running, until_end

ROOT = tempfile.mkdtemp()
os.mkdir(os.path.join(ROOT, "sub"))
SMALL, BIG = b"<p>hello\n", os.urandom(5_000_000)
for name, content in [("index.html", SMALL), ("big.bin", BIG), ("sub/a.txt", b"text")]:
    with open(os.path.join(ROOT, name), "wb") as file:
        file.write(content)
os.symlink("/etc/passwd", os.path.join(ROOT, "link"))

with running(sys.argv[1], "127.0.0.1:0", ROOT) as server:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def ask(method, path, headers={}, body=None):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer

    # On one kept connection.
    status, body, answer = ask("GET", "/")
    check((status, body) == (200, SMALL) and answer.headers["Content-Type"] == "text/html; charset=utf-8", "an index page")
    etag = answer.headers["ETag"]
    check(ask("GET", "/", {"If-None-Match": etag})[:2] == (304, b""), "a condition")
    check(ask("GET", "/sub/a.txt")[:2] == (200, b"text"), "a file in a directory")
    check(ask("HEAD", "/sub/a.txt")[:2] == (200, b""), "HEAD")
    status, body, answer = ask("GET", "/sub")
    check(status == 301 and answer.headers["Location"] == "/sub/", "a directory")
    check(ask("GET", "/none")[0] == 404, "no file")
    check(ask("GET", "/link")[0] == 403, "a link that leads out")
    check(ask("GET", "/%2e%2e/etc/passwd")[0] == 400, "a path that leads out")
    connection.close()
    check(ask("GET", "/big.bin")[:2] == (200, BIG), "a large file")
    status, body, answer = ask("GET", "/big.bin", {"Range": "bytes=1000-1999"})
    check((status, body) == (206, BIG[1000:2000]), "a range")
    check(answer.headers["Content-Range"] == "bytes 1000-1999/5000000", "which one")
    check(ask("GET", "/big.bin", {"Range": "bytes=9000000-"})[0] == 416, "a range that is not there")
    status, body, answer = ask("POST", "/", body=b"x" * 1000)
    check(status == 405 and answer.headers["Allow"] == "GET, HEAD", "another method, with a body")
    check(ask("GET", "/")[:2] == (200, SMALL), "and a request behind it")

    # Many at once, while one reads slowly.
    slow = server.connect()
    slow.sendall(b"GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
    for _ in range(70):
        reader = server.connect()
        reader.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        check(until_end(reader).endswith(SMALL), "others are served")
    data = b""
    while len(data) < 3 * len(BIG):
        data += slow.recv(1 << 20)
    check(data.count(b"HTTP/1.1 200") == 3 and data.endswith(BIG), "the slow one gets all of it")

    # Pipelined, in pieces, and refused.
    client = server.connect()
    text = b"GET /sub/a.txt HTTP/1.1\r\nHost: x\r\n\r\n" * 5 + b"GET / HTTP/1.1\r\nHost: x\r\nX:\rZ: 1\r\n\r\n"
    for at in range(0, len(text), 7):
        client.sendall(text[at : at + 7])
    data = until_end(client)
    check(data.count(b"HTTP/1.1 200 OK") == 5 and data.count(b"HTTP/1.1 400 Bad Request") == 1, "in pieces")
    client = server.connect()
    client.sendall(b"GET / HTTP/1.1\r\nHost")
    check(until_end(client).startswith(b"HTTP/1.1 408 "), "a head that does not come in time")
