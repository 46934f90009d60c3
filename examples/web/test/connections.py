# How requests share connections: keep-alive, pipelining, HTTP/1.0, slow, half-closed and reset clients.
# RUN: %web-test %model %s

import socket
import time

from support import Server, WebTest, eventually, main, request


class KeepAlive(WebTest):
    def test_many_requests_on_one_connection(self):
        with self.server.connect() as client:
            for _ in range(500):
                self.assertEqual(client.get("/a.txt").body, b"0123456789")

    def test_close_is_honoured(self):
        with self.server.connect() as client:
            self.assertEqual(client.get("/", "Connection: close")["Connection"], "close")
            self.assertTrue(client.at_end())

    def test_http10_closes_unless_asked(self):
        with self.server.connect() as client:
            response = client.get("/", version="1.0")
            self.assertEqual((response.status, response["Connection"]), (200, "close"))
            self.assertTrue(client.at_end())
        with self.server.connect() as client:
            for _ in range(2):
                response = client.get("/", "Connection: keep-alive", version="1.0")
                self.assertEqual((response.status, response["Connection"]), (200, "keep-alive"))

    def test_http10_needs_no_host(self):
        with self.server.connect() as client:
            client.send(request("/", version="1.0", host=None))
            self.assertEqual(client.response().status, 200)

    def test_empty_lines_before_a_request(self):
        with self.server.connect() as client:
            client.send(b"\r\n\r\n" + request("/") + b"\r\n" + request("/a.txt"))
            self.assertEqual(client.response().status, 200)
            self.assertEqual(client.response().status, 200)


class Pipelining(WebTest):
    def test_answers_come_in_order(self):
        paths = ["/a.txt", "/missing", "/big.bin", "/"] * 250
        expected = {"/a.txt": 200, "/missing": 404, "/big.bin": 200, "/": 200}
        with self.server.connect() as client:
            # Sent from this thread, too: the server must not need all requests to begin answering.
            for start in range(0, len(paths), 40):
                batch = paths[start : start + 40]
                client.send(b"".join(request(path) for path in batch))
                for path in batch:
                    response = client.response()
                    self.assertEqual(response.status, expected[path])
                    if response.status == 200:
                        self.assertEqual(response.body, self.FILES[path[1:] or "index.html"])

    def test_requests_cut_anywhere(self):
        data = request("/a.txt", "X: " + "y" * 300) * 20
        for size in 1, 7, 299, 1023, 2047, 2048, 2049:
            with self.server.connect() as client:
                for start in range(0, len(data), size):
                    client.send(data[start : start + size])
                for _ in range(20):
                    self.assertEqual(client.response().body, b"0123456789")

    def test_nothing_behind_close_is_answered(self):
        with self.server.connect() as client:
            client.send(request("/", "Connection: close") + request("/a.txt"))
            self.assertEqual(client.response().body, b"<p>hello</p>\n")
            self.assertTrue(client.at_end())

    def test_nothing_behind_a_bad_request_is_answered(self):
        with self.server.connect() as client:
            client.send(request("/") + b"nonsense\r\n\r\n" + request("/a.txt"))
            self.assertEqual(client.response().status, 200)
            self.assertEqual(client.response().status, 400)
            self.assertTrue(client.at_end())


class DifficultClients(WebTest):
    def test_a_byte_at_a_time(self):
        with self.server.connect() as client:
            for byte in request("/a.txt"):
                client.send(bytes([byte]))
                time.sleep(0.001)
            self.assertEqual(client.response().body, b"0123456789")

    def test_slow_heads_hold_up_nobody(self):
        slow = [self.server.connect() for _ in range(300)]
        for client in slow:
            client.send(b"GET /a.txt HT")
        self.assertEqual(self.server.get("/").status, 200)
        for client in slow:
            client.send(b"TP/1.1\r\nHost: test\r\n\r\n")
        for client in slow:
            self.assertEqual(client.response().status, 200)
            client.close()

    def test_half_closed_after_the_request(self):
        for path in "/a.txt", "/big.bin":
            with self.server.connect() as client:
                client.send(request(path))
                client.socket.shutdown(socket.SHUT_WR)
                self.assertEqual(client.response().body, self.FILES[path[1:]])
                self.assertTrue(client.at_end())

    def test_half_closed_after_several_requests(self):
        with self.server.connect() as client:
            client.send(request("/a.txt") * 3)
            client.socket.shutdown(socket.SHUT_WR)
            for _ in range(3):
                self.assertEqual(client.response().body, b"0123456789")
            self.assertTrue(client.at_end())

    def test_half_closed_within_a_request(self):
        with self.server.connect() as client:
            client.send(b"GET / HTTP/1.1\r\nHost:")
            client.socket.shutdown(socket.SHUT_WR)
            self.assertTrue(client.at_end())

    def test_reset(self):
        before = self.server.connections()
        for data in b"", b"GET / HT", request("/"), request("/big.bin") * 10:
            for _ in range(50):
                client = self.server.connect()
                client.send(data)
                client.reset()
        self.assertEqual(self.server.get("/").status, 200)
        # Some that were there before may have ended meanwhile.
        eventually(lambda: self.server.connections() <= before, "all connections are closed")

    def test_reader_that_takes_its_time(self):
        with self.server.connect(receive_buffer=4096) as client:
            client.send(request("/big.bin"))
            time.sleep(0.3)
            self.assertEqual(self.server.get("/").status, 200)
            self.assertEqual(client.response().body, self.FILES["big.bin"])

    def test_a_thousand_idle_connections(self):
        idle = [self.server.connect() for _ in range(1000)]
        self.assertEqual(self.server.get("/").status, 200)
        for client in idle:
            self.assertEqual(client.get("/a.txt").status, 200)
        for client in idle:
            client.close()


class SlowReader(WebTest):
    OPTIONS = ("--send-timeout=1",)
    FILES = {"huge.bin": bytes(64 << 20)}

    # A client that takes nothing for the length of the timeout loses its connection.
    def test_is_given_up(self):
        with self.server.connect() as other, self.server.connect(receive_buffer=4096) as client:
            other.get("/huge.bin", method="HEAD")
            client.send(request("/huge.bin"))
            client.input.peek(1)
            open_now = self.server.connections()
            eventually(lambda: self.server.connections() < open_now, "the connection is closed")
            with self.assertRaises((EOFError, ConnectionResetError)):
                client.response()


class Addresses(WebTest):
    def test_both_families(self):
        server = Server({"a": b"x"}, address=None)
        try:
            self.assertEqual(server.connect("127.0.0.1").get("/a").body, b"x")
            try:
                client = server.connect("::1")
            except OSError as error:
                self.skipTest(f"no IPv6 on this machine: {error}")
            self.assertEqual(client.get("/a").body, b"x")
        finally:
            self.assertEqual(server.stop(), (0, ""))

    def test_several_addresses_share_a_port(self):
        server = Server({"a": b"x"}, options=["--address=127.0.0.2"])
        try:
            for address in "127.0.0.1", "127.0.0.2":
                self.assertEqual(server.connect(address).get("/a").body, b"x")
            with self.assertRaises(ConnectionRefusedError):
                server.connect("127.0.0.3")
        finally:
            self.assertEqual(server.stop(), (0, ""))


main()
