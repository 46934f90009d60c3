"""Clients that have the server work for nothing, until it has had enough; and others, who do not notice."""
import sys

import hyperframe.frame as frames

from http2_client import Client, Raw, head, running_http2
from server import check

CALM = 11


def reset(stream):
    return frames.RstStreamFrame(stream, 8).serialize()


def priority(stream):
    frame = frames.PriorityFrame(stream)
    frame.stream_weight = 1
    return frame.serialize()


def pieces(raw):
    yield raw.headers(1, flags=()).serialize()
    for _ in range(10000):
        yield frames.ContinuationFrame(1, b"").serialize()


def bomb(raw):
    """A field of the table, again and again: short to send, long to keep."""
    yield raw.headers(1, [*head(), ("x", "y" * 3900)]).serialize()
    block = raw.encoder.encode(head()) + raw.encoder.encode([("x", "y" * 3900)]) * 16000
    first = frames.HeadersFrame(3, block)
    first.flags.add("END_HEADERS")
    yield first.serialize()


FLOODS = {
    "requests that are taken back": lambda raw: (
        raw.headers(2 * i + 1, head("/count", "POST"), ("END_HEADERS",)).serialize() + reset(2 * i + 1) for i in range(5000)),
    "pings": lambda raw: (frames.PingFrame(0, b"x" * 8).serialize() for _ in range(20000)),
    "settings": lambda raw: (frames.SettingsFrame(0, {4: 1000 + i}).serialize() for i in range(20000)),
    "priorities": lambda raw: (priority(1) for _ in range(20000)),
    "windows": lambda raw: (frames.WindowUpdateFrame(0, 1).serialize() for _ in range(20000)),
    "empty data": lambda raw: (
        raw.headers(1, head("/count", "POST"), ("END_HEADERS",)).serialize() if i == 0 else frames.DataFrame(1, b"").serialize()
        for i in range(20000)),
    "pieces of a head": pieces,
    "a field that is repeated by its number": bomb,
}

with running_http2(sys.argv[1]) as server:
    other = Client(server)
    for what, make in FLOODS.items():
        for reads in True, False:
            raw = Raw(server)
            batch = b""
            for sent in make(raw):
                batch += sent
                if len(batch) > 8000:
                    raw.write(batch)
                    batch = b""
            raw.write(batch)
            if reads:
                goaway = raw.until(frames.GoAwayFrame)
                check(goaway is None or goaway.error_code == CALM, f"{what}: {goaway} calms")
                check(goaway is None or raw.until(frames.PingFrame) is None, f"{what}: the connection ends")
            raw.close()
            check(other.get("/")[0] == 200, f"{what}: others are answered")

    # As many streams as the server allows, and more: these are told to come again.
    raw = Raw(server)
    for i in range(150):
        raw.send(raw.headers(2 * i + 1, head("/count", "POST"), ("END_HEADERS",)))
    refused = set()
    while len(refused) < 50:
        frame = raw.until(frames.RstStreamFrame)
        check(frame is not None and frame.error_code == 7 and frame.stream_id > 200, "only the last are refused")
        refused.add(frame.stream_id)
    for i in range(100):
        last = frames.DataFrame(2 * i + 1, b"x")
        last.flags.add("END_STREAM")
        raw.send(last)
    for _ in range(100):
        check(raw.until(frames.HeadersFrame).decoded[":status"] == "200", "the others are answered")
    raw.close()
