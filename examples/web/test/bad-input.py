# What no client should send, and what happens under the server's hands. Whatever it is, the next client is served.
# RUN: %web-test %model %s

import os
import random
import socket
import time

from support import SANITIZED, Server, WebTest, eventually, main, request


class BadBytes(WebTest):
    def tearDown(self):
        self.assertEqual(self.server.get("/").status, 200)

    def test_a_megabyte_of_headers(self):
        with self.server.connect() as client:
            client.send(b"GET / HTTP/1.1\r\nHost: test\r\n" + b"X: y\r\n" * (1 << 18))
            response = client.response()
            self.assertEqual((response.status, response["Connection"]), (431, "close"))
            self.assertTrue(client.at_end())

    def test_a_megabyte_without_a_line(self):
        with self.server.connect() as client:
            client.send(b"G" * (1 << 20))
            self.assertEqual(client.response().status, 414)
            self.assertTrue(client.at_end())

    def test_nul_bytes(self):
        for data in b"\0", b"\0" * 5000, b"GET / HTTP/1.1\r\nHost: test\r\nX: \0\r\n\r\n", b"GET\0/ HTTP/1.1\r\n\r\n":
            with self.server.connect() as client:
                client.send(data)
                self.assertEqual(client.response().status, 400)
                self.assertTrue(client.at_end())

    # Any answer is right, and so is none, but the server has to live. The seed makes a failure repeatable.
    def test_random_bytes(self):
        numbers = random.Random(2006)
        valid = request("/a.txt", "Range: bytes=1-2", 'If-None-Match: "x"')
        for _ in range(500):
            data = bytearray(valid)
            for _ in range(numbers.randrange(1, 8)):
                data[numbers.randrange(len(data))] = numbers.randrange(256)
            with self.server.connect() as client:
                try:
                    client.send(bytes(data))
                    client.socket.shutdown(socket.SHUT_WR)
                    while client.socket.recv(65536):
                        pass
                except (ConnectionResetError, BrokenPipeError):
                    pass


class ChangingFiles(WebTest):
    FILES = {"small": b"old", "big": b"o" * 200_000, "huge": bytes(64 << 20), "index.html": b""}

    def test_changes_show(self):
        for name, content in ("small", b"new and longer"), ("big", b"n" * 300_000):
            old = self.server.get("/" + name)
            # A new file in its place, as editors and package managers do it.
            self.server.write(name + ".tmp", content)
            os.rename(self.server.path(name + ".tmp"), self.server.path(name))
            # On one connection: others may meet another core's or process's cache, which looks at the file at its time.
            with self.server.connect() as client:
                eventually(lambda: client.get("/" + name).body == content, "the new contents are served")
                self.assertNotEqual(client.get("/" + name)["ETag"], old["ETag"])

    def test_deleted_files_vanish(self):
        self.server.write("soon-gone", b"x")
        self.assertEqual(self.server.get("/soon-gone").status, 200)
        os.unlink(self.server.path("soon-gone"))
        eventually(lambda: self.server.get("/soon-gone").status == 404, "a deleted file is not found")

    def test_truncated_while_served(self):
        with self.server.connect(receive_buffer=4096) as client:
            client.send(request("/huge"))
            self.assertEqual(client.input.read(1000)[:15], b"HTTP/1.1 200 OK")
            os.truncate(self.server.path("huge"), 1000)
            got = len(client.input.read())
            self.assertLess(got, 64 << 20)
        self.assertEqual(self.server.get("/").status, 200)

    def test_deleted_while_served(self):
        content = os.urandom(8 << 20)
        self.server.write("leaving", content)
        with self.server.connect(receive_buffer=4096) as client:
            client.send(request("/leaving"))
            client.input.peek(1)
            os.unlink(self.server.path("leaving"))
            self.assertEqual(client.response().body, content)
        eventually(lambda: self.server.get("/leaving").status == 404, "a deleted file is not found")


class SmallCache(WebTest):
    OPTIONS = ("--cache=1",)
    FILES = {f"{i}.bin": bytes([i % 256]) * 50_000 for i in range(100)}

    # 5 MB through 1 MiB of cache: documents are given up while others are served.
    def test_is_bounded_and_right(self):
        before = self.server.memory_kb()
        with self.server.connect() as client:
            for _ in range(3):
                for name, content in self.FILES.items():
                    self.assertEqual(client.get("/" + name).body, content)
        if not SANITIZED:  # sanitizers keep freed memory
            self.assertLess(self.server.memory_kb() - before, 16 * 1024)


class Descriptors(WebTest):
    # More clients than descriptors: those that are served stay served, idle ones make room, and waiting costs no time.
    def test_running_out(self):
        server = Server({"a": b"x", **{f"{i}.bin": bytes(70_000) for i in range(100)}}, descriptors=100)
        try:
            busy = server.connect()
            self.assertEqual(busy.get("/a").body, b"x")
            crowd = [server.connect() for _ in range(150)]
            for _ in range(20):
                self.assertEqual(busy.get("/a").body, b"x")
            before, start = server.cpu_seconds(), time.monotonic()
            time.sleep(1)
            used = (server.cpu_seconds() - before) / (time.monotonic() - start)
            self.assertLess(used, 0.5, "the server spins")
            # Waits in the backlog until idle connections are closed.
            late = server.connect()
            self.assertEqual(late.get("/a").body, b"x")
            for i in range(100):
                self.assertEqual(late.get(f"/{i}.bin").status, 200)
            for client in crowd:
                client.close()
            self.assertEqual(server.get("/a").body, b"x")
        finally:
            self.assertEqual(server.stop(), (0, ""))

    def test_too_few_to_begin(self):
        with self.assertRaisesRegex(AssertionError, "needs more than 42 descriptors, but 'ulimit -n' allows 40"):
            Server(descriptors=40)


main()
