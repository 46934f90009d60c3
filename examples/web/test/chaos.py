"""Clients that a server meets sooner or later: polite, slow, broken, hostile, and many at a time.

Each act is one client's life. Acts that keep to the protocol check every byte that they are given; the others only have
to be survived.
"""

import random
import socket
import threading
import time

from support import request

FILES = {
    "index.html": b"<p>hello</p>\n",
    "empty": b"",
    "small.txt": bytes(range(256)) * 4,
    "medium.bin": random.Random(1).randbytes(50_000),
    "large.bin": random.Random(2).randbytes(1 << 20),
}


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def check(response, name, part=None):
    content = FILES[name] if part is None else FILES[name][part]
    expect(response.status == (200 if part is None else 206), f"/{name} was answered with {response.status}")
    expect(response.body == content, f"the bytes of /{name} are wrong")


def leave(client, numbers):
    """Ends a connection as clients do."""
    if numbers.random() < 0.3:
        client.reset()
    else:
        client.close()


# Acts that keep to the protocol. Whatever the others do, these are answered.


def keep_alive(server, numbers):
    with server.connect() as client:
        for _ in range(numbers.randint(1, 30)):
            name = numbers.choice(list(FILES))
            check(client.get("/" + name), name)


def new_connections(server, numbers):
    for _ in range(numbers.randint(1, 10)):
        name = numbers.choice(list(FILES))
        check(server.get("/" + name, "Connection: close"), name)


def pipeline(server, numbers):
    names = [numbers.choice(["index.html", "empty", "small.txt", "medium.bin"]) for _ in range(numbers.randint(2, 20))]
    with server.connect() as client:
        client.send(b"".join(request("/" + name) for name in names))
        for name in names:
            check(client.response(), name)


def cut_anywhere(server, numbers):
    data = request("/small.txt", "X: " + "y" * numbers.randrange(3000)) * 3
    with server.connect() as client:
        while data:
            cut = numbers.randint(1, 700)
            client.send(data[:cut])
            data = data[cut:]
        for _ in range(3):
            check(client.response(), "small.txt")


def variety(server, numbers):
    """Ranges, HEAD, bodies to be ignored, and what is answered with an error on a connection that lives on."""
    with server.connect() as client:
        first = numbers.randrange(1 << 20)
        last = numbers.randrange(first, 1 << 20)
        check(client.get("/large.bin", f"Range: bytes={first}-{last}"), "large.bin", slice(first, last + 1))
        head = client.get("/medium.bin", method="HEAD")
        expect((head.status, head["Content-Length"]) == (200, "50000"), "HEAD was answered wrongly")
        expect(client.get("/medium.bin", "If-None-Match: " + head["ETag"]).status == 304, "an ETag was not recognised")
        expect(client.get("/missing").status == 404, "a missing file was found")
        client.send(request("/empty", "Content-Length: 5000") + b"b" * 5000)
        check(client.response(), "empty")
        check(client.get("/small.txt"), "small.txt")


def half_close(server, numbers):
    count = numbers.randint(1, 5)
    with server.connect() as client:
        client.send(request("/medium.bin") * count)
        client.socket.shutdown(socket.SHUT_WR)
        for _ in range(count):
            check(client.response(), "medium.bin")
        expect(client.at_end(), "a half-closed connection was not closed")


def slow_writer(server, numbers):
    with server.connect() as client:
        for byte in request("/small.txt"):
            client.send(bytes([byte]))
            time.sleep(0.001)
        check(client.response(), "small.txt")


def slow_reader(server, numbers):
    with server.connect(receive_buffer=4096) as client:
        client.send(request("/large.bin") + request("/small.txt"))
        for _ in range(20):
            client.input.peek(1)
            time.sleep(0.01)
        check(client.response(), "large.bin")
        check(client.response(), "small.txt")


def idler(server, numbers):
    with server.connect() as client:
        for _ in range(3):
            time.sleep(numbers.random() / 5)
            check(client.get("/small.txt"), "small.txt")


# Acts that break off, break the rules or come in crowds.


def reset_anywhere(server, numbers):
    data = request("/large.bin") * numbers.randint(1, 5)
    client = server.connect(receive_buffer=numbers.choice([None, 4096]))
    client.send(data[: numbers.randint(0, len(data))])
    if numbers.random() < 0.3:
        time.sleep(numbers.random() / 50)
    client.reset()


def abort(server, numbers):
    """Asks for much, reads a little and goes away."""
    client = server.connect(receive_buffer=4096)
    client.send(request("/large.bin") * 3)
    client.input.read(numbers.randint(1, 100_000))
    leave(client, numbers)


def drain(client):
    try:
        while client.socket.recv(65536):
            pass
    except (ConnectionResetError, BrokenPipeError):
        pass


def garbage(server, numbers):
    data = bytearray(request("/small.txt", "Range: bytes=1-2", "If-Match: *"))
    if numbers.random() < 0.3:
        data = numbers.randbytes(numbers.randint(1, 20_000))
    else:
        for _ in range(numbers.randint(1, 8)):
            data[numbers.randrange(len(data))] = numbers.randrange(256)
    with server.connect() as client:
        try:
            client.send(bytes(data))
            client.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return  # refused before all of it was sent
        drain(client)


def endless_head(server, numbers):
    with server.connect() as client:
        try:
            client.send(b"GET /small.txt HTTP/1.1\r\n" + b"X: y\r\n" * 10_000)
        except (ConnectionResetError, BrokenPipeError):
            return
        drain(client)


def flood(server, numbers):
    """Many connections at once, of which some say something, and all go away together."""
    crowd = [server.connect() for _ in range(numbers.randint(50, 150))]
    for client in crowd:
        client.send(numbers.choice([b"", b"GET /small", request("/small.txt"), request("/medium.bin") * 4]))
    for client in crowd:
        leave(client, numbers)


POLITE = (keep_alive, new_connections, pipeline, cut_anywhere, variety, half_close, slow_writer, slow_reader, idler)
RUDE = (reset_anywhere, abort, garbage, endless_head, flood)


class Chaos:
    """Threads that play acts, each once at least, until they are told to stop or something goes wrong."""

    def __init__(self, server, seed, acts=POLITE + RUDE, threads=16):
        self.server, self.seed = server, seed
        self.counts = dict.fromkeys(acts, 0)
        self.failures = []
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.play, args=(number,)) for number in range(threads)]
        for thread in self.threads:
            thread.start()

    def play(self, number):
        numbers = random.Random(f"{self.seed}/{number}")
        acts = list(self.counts)
        first = acts[number :: len(self.threads)]
        while first or not self.stopping.is_set():
            act = first.pop() if first else numbers.choice(acts)
            try:
                act(self.server, numbers)
            except Exception as error:  # whatever it is, it is a finding
                self.failures.append(f"{act.__name__}: {type(error).__name__}: {error}")
                return self.stopping.set()
            with self.lock:
                self.counts[act] += 1

    def wait(self, seconds):
        """Lets them go on for so long, or until something goes wrong."""
        self.stopping.wait(seconds)

    def stop(self):
        """Lets the acts under way end. Returns how many there were of each, and what went wrong."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        return {act.__name__: count for act, count in self.counts.items()}, self.failures
