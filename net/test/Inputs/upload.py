import http.client
import os
import sys

from server import check, receive, running, until_end

with running(sys.argv[1], "127.0.0.1:0") as server:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def post(path, body, **options):
        connection.request("POST", path, body, **options)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def pieces(data, size):
        return (data[at : at + size] for at in range(0, len(data), size))

    big = os.urandom(2_000_000)
    check(post("/count", b"x" * 12345) == (200, b"12345"), "a body of known length")
    check(post("/count", pieces(big, 7001), encode_chunked=True) == (200, b"2000000"), "one in chunks")
    check(post("/count", b"") == (200, b"0"), "an empty one")
    check(post("/look-away", b"y" * 5000) == (200, b"0"), "one that nobody reads")
    check(post("/look-away", pieces(b"y" * 50000, 999), encode_chunked=True) == (200, b"0"), "in chunks, too")
    check(post("/count", b"z" * 10) == (200, b"10"), "and requests behind them")
    check(post("/forget", b"z" * 10)[0] == 500, "a flow that does not answer")
    check(post("/fail", b"")[0] == 500, "a flow that fails")
    check(post("/count", b"z" * 4_000_000)[0] == 413, "one that is too long")
    connection.close()
    client = server.connect()
    client.sendall(b"POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(40):
        client.sendall(b"%x\r\n%s\r\n" % (100000, b"z" * 100000))
    check(b" 413 " in until_end(client), "one whose length is not told before")

    # What comes back while the body still comes.
    client = server.connect()
    client.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += receive(client, 1)
    check(b"200 OK" in head, "an answer begins before the body does")
    for word in [b"one", b"two!"]:
        client.sendall(b"%x\r\n%s\r\n" % (len(word), word))
        check(receive(client, len(word) + 5) == b"%x\r\n%s\r\n" % (len(word), word), "a part of it comes back")
    client.sendall(b"0\r\n\r\nGET /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    rest = until_end(client)
    check(rest.startswith(b"0\r\n\r\nHTTP/1.1 200 OK") and rest.endswith(b"\r\n0"), "a request right behind a body")
    # A client that waits to be asked for the body.
    client = server.connect()
    client.sendall(b"POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    check(receive(client, 25) == b"HTTP/1.1 100 Continue\r\n\r\n", "it is asked")
    client.sendall(b"12345GET /look-away HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    data = until_end(client)
    check(data.count(b"200 OK") == 2 and b"\r\n5HTTP" in data, "and answered")
    # One that is not asked, since nobody wants to know, is not waited for.
    client = server.connect()
    client.sendall(b"POST /look-away HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    client.shutdown(1)
    data = until_end(client)
    check(b"200 OK" in data and b"Connection: close" in data and b"100" not in data, "nobody asks")
    # A body that is no body: the answer is not whole, and the connection ends.
    client = server.connect()
    client.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n")
    data = until_end(client)
    check(b"abc" in data and not data.endswith(b"0\r\n\r\n"), "a chunk that is none")
