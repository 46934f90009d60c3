"""Clients that take their time, which is short for these servers, and a server that is told to stop."""
import os
import signal
import sys
import threading
import time

import hyperframe.frame as frames

from http2_client import Client, Raw, head, running_http2
from server import check

NEVER = "100000"

# One that sends nothing but signs of life.
with running_http2(sys.argv[1], "300", NEVER, NEVER) as server:
    raw = Raw(server)
    alive = True

    def ping():
        while alive:
            raw.send(frames.PingFrame(0, b"x" * 8))
            time.sleep(0.05)

    thread = threading.Thread(target=ping)
    thread.start()
    goaway = raw.until(frames.GoAwayFrame)
    check(goaway is None or goaway.error_code == 0, "who asks for nothing is dismissed")
    check(raw.until(frames.HeadersFrame) is None, "and the connection ends")
    alive = False
    thread.join()
    # One that does not send what it has announced.
    client = Client(server)
    stream = client.begin(head("/count", "POST"), end=False)
    client.send_pending()
    client.until(lambda: stream in client.ended, "a body that does not come")
    check(client.heads[stream][":status"] == "500", "is given up")

# One that begins a head.
with running_http2(sys.argv[1], NEVER, "300", NEVER) as server:
    raw = Raw(server)
    raw.send(raw.headers(1, flags=()))
    check(raw.until(frames.HeadersFrame) is None, "who begins a head and does not end it is dismissed")

# One that takes nothing: whatever makes an answer, nobody waits for ever.
with running_http2(sys.argv[1], NEVER, NEVER, "300") as server:
    raw = Raw(server, settings={4: 0}.items())
    for stream, path in (1, "/memory?1000"), (3, "/file?1000"), (5, "/stream?1"):
        raw.send(raw.headers(stream, head(path)))
    resets = {raw.until(frames.RstStreamFrame).stream_id for _ in range(3)}
    check(resets == {1, 3, 5}, "streams of which nothing is taken are given up")
    check(raw.alive(), "and the connection is not")
    raw.send(frames.WindowUpdateFrame(0, 1000), raw.headers(7, head("/memory?0")))
    check(raw.until(frames.HeadersFrame, 7) is not None, "nor its other streams")
    raw.close()
    # The same by the kernel's buffers.
    raw = Raw(server, settings={4: 2**31 - 1}.items(), receive_buffer=4096)
    raw.send(frames.WindowUpdateFrame(0, 2**30), raw.headers(1, head("/stream?100")), raw.headers(3, head("/memory?1000000")))
    raw.socket.settimeout(60)
    time.sleep(1)
    while raw.frame() is not None:
        pass
    raw.close()

# What has begun is answered before the server ends, and what comes too late is told so.
with running_http2(sys.argv[1], NEVER, NEVER, NEVER) as server:
    raw = Raw(server)
    raw.send(raw.headers(1, head("/echo", "POST"), ("END_HEADERS",)), frames.DataFrame(1, b"one"))
    check(bytes(raw.until(frames.DataFrame, 1).data) == b"one", "a stream in the middle")
    idle = Client(server)
    check(idle.get("/")[0] == 200, "and a connection without any")
    os.kill(server.process.pid, signal.SIGTERM)
    if sys.argv[2] == "process":  # whose source is not called while a flow runs
        last = frames.DataFrame(1, b"")
        last.flags.add("END_STREAM")
        raw.send(last)
    first = raw.until(frames.GoAwayFrame)
    check((first.last_stream_id, first.error_code) == (2**31 - 1, 0), "the client is told that the end is near")
    raw.send(raw.headers(3, head("/echo", "POST"), ("END_HEADERS", "END_STREAM")))
    second = raw.until(frames.GoAwayFrame)
    check(second.last_stream_id in (1, 3) and second.error_code == 0, "and then which stream was the last")
    if sys.argv[2] != "process":
        last = frames.DataFrame(1, b"two")
        last.flags.add("END_STREAM")
        raw.send(last)
        check(bytes(raw.until(frames.DataFrame, 1).data) == b"two", "which goes on")
        while (frame := raw.frame()) is not None and not (frame.stream_id == 1 and "END_STREAM" in frame.flags):
            pass
        check(frame is not None, "to its end")
    idle.until_end()
    check(idle.goaways[-1][1] == 0, "nobody is cut off")
    server.process.wait(60)
