"""Clients that are silent, slow, gone or many, the end of a server, and a client of others' making."""
import asyncio
import struct
import sys
import threading

import websockets

from server import Server, check, running
from websocket import BINARY, CLOSE, PING, PONG, TEXT, Client, closing, frame

program = sys.argv[1]


def how_it_ends(server, *frames, path="/socket", wait=True):
    """What the program is told of the end of a socket."""
    client = Client(server, path)
    for data in frames:
        client.send(data)
    while wait and client.get():
        pass
    client.socket.close()
    return server.process.stdout.readline()


# How a socket has ended, the program is told; and it has counted its messages.
with running(program, "127.0.0.1:0") as server:
    for expected, frames, options, what in [
        ("4000 after 1001", [frame(TEXT, b"a"), closing(4000)], {}, "what the client says"),
        ("1005 after 1000", [closing()], {}, "nothing"),
        ("4001 after 1001", [frame(TEXT, b"close 4001")], {}, "what the program says"),
        ("1002 after 1000", [frame(7)], {}, "what the library says"),
        ("1011 after 1001", [frame(TEXT, b"fail")], {}, "a flow that fails"),
        ("1011 after 1000", [], {"path": "/fail"}, "one that fails when it has accepted"),
        ("1006 after 1000", [], {"wait": False}, "a client that goes"),
        ("1006 after 1000", [frame(TEXT, b"half", length=100)], {"wait": False}, "in the middle"),
    ]:
        said = how_it_ends(server, *frames, **options)
        check(said == f"closed {expected}\n", f"{what}: {expected}, and not {said}")

# A client that is silent is asked whether it is there, and is gone if it does not answer. One that does is asked again.
with running(program, "127.0.0.1:0", "4000") as server:
    silent, alive = Client(server), Client(server)
    check(alive.get() == (PING, b""), "a silent client is pinged")
    alive.send(frame(PONG))
    check(silent.get() == (PING, b"") and silent.get() is None, "one that does not answer is dropped")
    check(alive.get() == (PING, b""), "one that does lives on")
    alive.end()

# A message has its time, from its first byte, whatever else is sent.
with running(program, "127.0.0.1:0", "100000", "500") as server:
    client = Client(server)
    client.send(frame(TEXT, b"part", final=False) + frame(PING))
    check(client.get() == (PONG, b""), "pings are answered")
    check(client.get()[1][:2] == struct.pack(">H", 1008) and client.get() is None, "a message that does not end")
    client.socket.close()
    client = Client(server)
    client.send(frame(PING)[:3])
    check(client.get()[1][:2] == struct.pack(">H", 1008), "a frame that does not end")
    client.socket.close()

# Many clients at once, whose messages come in order.
with running(program, "127.0.0.1:0") as server:
    clients = [Client(server) for _ in range(40)]
    for round in range(5):
        for i, client in enumerate(clients):
            client.send(b"".join(frame(TEXT, b"%d %d %d" % (i, round, j)) for j in range(5)))
    for i, client in enumerate(clients):
        for round in range(5):
            for j in range(5):
                check(client.get() == (TEXT, b"%d %d %d" % (i, round, j)), "messages are in order")
        client.end()

    # Messages whose answers are not read: the flow waits, and in the end all are there.
    client, big = Client(server), frame(BINARY, b"b" * 500000)
    sender = threading.Thread(target=lambda: [client.send(big) for _ in range(20)])
    sender.start()
    check(all(client.get() == (BINARY, b"b" * 500000) for _ in range(20)), "a slow reader gets all")
    sender.join()
    client.end()


# The end of the server: everybody is told, the program as well.
server = Server(program, "127.0.0.1:0")
try:
    idle, active = Client(server), Client(server)
    active.send(frame(TEXT, b"one"))
    check(active.get() == (TEXT, b"one"), "an answer")
    server.process.terminate()
    for client in [idle, active]:
        check(client.get() == (CLOSE, struct.pack(">H", 1001)), "the server goes away")
        client.send(closing(1001))
        check(client.get() is None, "and has gone")
    said, _ = server.process.communicate(timeout=60)
    check(sorted(said.split("\n")) == ["", "closed 1001 after 1000", "closed 1001 after 1001"], f"the program is told: {said}")
    check(server.process.returncode == 0, "the server has ended well")
finally:
    server.process.kill()


# The client that others use: fragments, pings, compression that is declined, and its own judgement of what it gets.
async def others(port):
    uri = f"ws://127.0.0.1:{port}/socket"
    async with websockets.connect(uri, subprotocols=["chat", "echo"], max_size=1 << 21) as client:
        check(client.subprotocol == "echo" and not client.extensions, "a protocol, and no extension")
        for text in ["", "hello", "κόσμε" * 1000, "x" * 1000000]:
            await client.send(text)
            check(await client.recv() == text, "text comes back")
        await client.send(["in ", "", "parts"])
        check(await client.recv() == "in parts", "parts are put together")
        await client.send(bytes(range(256)))
        check(await client.recv() == bytes(range(256)), "bytes come back")
        await asyncio.wait_for(await client.ping(b"x"), 30)
        await client.send("close 4002 done")
        await client.wait_closed()
        check((client.close_code, client.close_reason) == (4002, "done"), "it is closed by the program")
    async with websockets.connect(uri) as client:
        pass
    check(client.close_code == 1000, "it closes")


with running(program, "127.0.0.1:0") as server:
    asyncio.run(others(server.port))
