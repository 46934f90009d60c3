import os
import sys

from http2_client import Client, head, running_http2
from server import check, eventually

PATTERN = bytes(ord("a") + i % 23 for i in range(1 << 20))

with running_http2(sys.argv[1]) as server:
    client = Client(server)
    # What a node sees of a request, and a client of the answer.
    stream = client.request("/a%20b/c?d=e", "GET", ("x-field", "value"), ("cookie", "a=b"), ("cookie", "c=d"))
    told = b"GET|/a%20b/c?d=e|/a b/c|d=e|one.test|value|a=b; c=d|h2"
    check(client.answer(stream) == (200, told), "all of a request arrives")
    fields = client.heads[stream]
    check(fields["x-answer"] == "Yes" and fields["content-length"] == str(len(told)), "fields of the answer")
    check("date" in fields and "keep-alive" not in fields and "connection" not in fields, "and none about the connection")
    stream = client.request("/memory?1000", "HEAD")
    check(client.answer(stream) == (200, b"") and client.heads[stream]["content-length"] == "1000", "HEAD")
    check(client.get("/nothing", "OPTIONS")[0] == 200, "OPTIONS")

    # Answers from memory and files, longer than any window, many at once.
    for path in "/memory", "/file":
        check(client.get(f"{path}?0") == (200, b""), "an empty answer")
        streams = [client.request(f"{path}?{1 << 17 + i % 3}") for i in range(20)]
        for i, stream in enumerate(streams):
            check(client.answer(stream) == (200, PATTERN[: 1 << 17 + i % 3]), f"answers of {path} at once")
    check(client.get("/stream?3") == (200, PATTERN * 3), "one in parts")
    check(client.get("/file?1000", "GET", ("range", "bytes=10-19")) == (206, PATTERN[10:20]), "a range")
    check(client.get("/file?1000", "GET", ("if-none-match", '"one"')) == (304, b""), "a condition that does not hold")
    check(client.get("/file?1000", "GET", ("range", "bytes=2000-"))[0] == 416, "a range that is not there")
    stream = client.request(f"/file?{(1 << 20) + 1000}")
    client.answer(stream)
    check(client.resets.get(stream) == 2, "a file that is shorter")

    # Bodies.
    big = os.urandom(2_000_000)
    check(client.get("/count", "POST", body=b"x" * 12345) == (200, b"12345"), "a body without a length")
    check(client.get("/count", "POST", ("content-length", "5"), body=b"x" * 5) == (200, b"5"), "with one")
    check(client.get("/count", "POST", body=b"") == (200, b"0"), "an empty one")
    check(client.get("/count", "POST", body=big) == (200, b"2000000"), "one longer than windows")
    check(client.get("/look-away", "POST", body=b"y" * 5000)[0] == 200, "one that nobody reads")
    check(client.get("/count", "POST", body=b"z" * 10) == (200, b"10"), "and one behind it")
    check(client.get("/count", "POST", ("content-length", "4000000"), body=None)[0] in (0, 413), "a length that is too long")
    stream = client.begin(head("/count", "POST", ("content-length", "4000000")), end=False)
    client.send_pending()
    check(client.answer(stream)[0] == 413, "is not waited for")

    # What comes back while the body still comes, of two that take turns.
    streams = [client.begin(head("/echo", "POST"), end=False) for _ in range(2)]
    client.send_pending()
    for word in b"one", b"two!":
        for stream in streams:
            client.send(stream, word, end=False)
            before = client.bodies[stream]
            if sys.argv[2] == "process" and stream != streams[0]:
                continue  # whose flow comes when the first has ended
            client.until(lambda: client.bodies[stream] == before + word, "a part comes back")
    for stream in streams:
        client.send(stream, b"end")
    for stream in streams:
        check(client.answer(stream) == (200, b"onetwo!end"), "echoes")

    # A client that waits to be asked for the body, and one that is not asked.
    stream = client.begin(head("/count", "POST", ("expect", "100-continue")), end=False)
    client.send_pending()
    client.until(lambda: stream in client.informational, "it is asked")
    client.send(stream, b"12345")
    check(client.answer(stream) == (200, b"5"), "and answered")
    stream = client.begin(head("/look-away", "POST", ("expect", "100-continue")), end=False)
    client.send_pending()
    client.until(lambda: stream in client.ended, "one that nobody asks is answered")
    check(stream not in client.informational, "without being asked")
    client.until(lambda: client.resets.get(stream) == 0, "and told that its body is not wanted")
    check(client.get("/", "POST", ("expect", "wonders"), body=b"")[0] == 417, "another expectation")

    # Answers of our own, and those that are broken off.
    check(client.get("/forget")[0] == 500 and client.get("/fail")[0] == 500, "flows that do not answer")
    stream = client.request("/break")
    check(client.answer(stream)[1] in (b"", b"part") and client.resets.get(stream) == 2, "one that fails in the middle")
    check(client.get("/raw")[0] == 200, "a connection of streams is not a flow's to write to")
    check(client.get("/../x")[0] == 400 and client.get("/%zz")[0] == 400, "paths that are none")
    stream = client.request("/", "GET", *[(f"x-{i}", "y" * 900) for i in range(40)])
    check(client.answer(stream)[0] == 431, "a head that is too long")
    check(client.get("/")[0] == 200, "and the connection goes on")

    # Windows: what a client does not take holds up nobody else.
    slow = Client(server, window=0)
    waiting = [slow.request(path) for path in ("/memory?100000", "/file?100000")]
    check(client.get("/memory?1000") == (200, PATTERN[:1000]), "others are answered")
    slow.until(lambda: all(stream in slow.heads for stream in waiting), "heads need no window")
    for stream in waiting:
        slow.h2.increment_flow_control_window(100000, stream)
    slow.send_pending()
    for stream in waiting:
        slow.h2.increment_flow_control_window(100000)
        slow.send_pending()
        check(slow.answer(stream) == (200, PATTERN[:100000]), "as soon as it may")
    slow.close()

    # Streams that the client takes back, in the middle of a body of either side.
    stream = client.begin(head("/count", "POST"), end=False)
    client.send_pending()
    client.send(stream, b"x" * 1000, end=False)
    client.h2.reset_stream(stream)
    other = Client(server, automatic=False)
    stream = other.request("/stream?50")
    other.until(lambda: len(other.bodies[stream]) > 10000, "a beginning")
    other.h2.reset_stream(stream)
    other.send_pending()
    check(other.get("/")[0] == 200, "the connection goes on")
    # The same by going away.
    gone = Client(server, automatic=False)
    gone.request("/stream?50")
    gone.request("/memory?1000000")
    gone.request("/file?1000000")
    gone.receive()
    gone.close()
    check(client.get("/")[0] == 200, "others, too")

    # A flow that ends the connection: what has begun is answered.
    last = [client.request(path) for path in ("/memory?500000", "/close")]
    for stream in last:
        check(client.answer(stream)[0] == 200, "answered")
    client.until_end()
    check(client.goaways and client.goaways[-1][1] == 0, "with a farewell")
    other.request("/abort")
    other.until_end()
