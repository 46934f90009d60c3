"""Clients of the chat, by TLS."""
import asyncio
import ssl
import sys
import tempfile

import websockets

from server import check, running
from tls_server import context, make_certificate


async def talk(port):
    def enter(room):
        return websockets.connect(f"wss://127.0.0.1:{port}/{room}", ssl=context(), max_size=None, max_queue=None)

    async def hear(client):
        return await asyncio.wait_for(client.recv(), 60)

    async with enter(1) as one, enter(1) as two, enter(2) as other:
        for client in [one, two, other]:
            check(await hear(client) == "welcome", "the flow that accepts greets")
        for i in range(20):
            await one.send(f"hello {i}")
            await two.send(bytes([i]))
        for client in [one, two]:
            heard = [await hear(client) for _ in range(40)]
            check([each for each in heard if isinstance(each, str)] == [f"hello {i}" for i in range(20)], "text goes to the room, in order")
            check([each for each in heard if isinstance(each, bytes)] == [bytes([i]) for i in range(20)], "so do bytes")
        await other.send("all")
        for client in [one, two, other]:
            check(await hear(client) == "all", "and to all rooms, but nothing else has come to the other one")

        # One that takes nothing: the others get all that is said.
        silent = await enter(1)
        check(await hear(silent) == "welcome", "it enters")
        silent.transport.pause_reading()
        word = "x" * 100000
        for i in range(200):
            await one.send(word)
            for client in [one, two]:
                check(await hear(client) == word, "others do not wait")
        silent.transport.resume_reading()
        count = 0
        try:
            while await hear(silent) == word:
                count += 1
        except (websockets.ConnectionClosedError, ConnectionResetError, ssl.SSLError):
            pass
        check(count < 200, "it is cut off")


with tempfile.TemporaryDirectory() as directory:
    make_certificate(directory, "one", "one.test")
    with running(sys.argv[1], "127.0.0.1:0", directory) as server:
        asyncio.run(talk(server.port))
