# Every status that the server knows, and the headers that go with it.
# RUN: %web-test %model %s

import email.utils
import time

from support import Server, WebTest, main, request


class Status(WebTest):
    def refused(self, data, status):
        """What is refused ends the connection, after the whole answer."""
        with self.server.connect() as client:
            client.send(data)
            response = client.response()
            self.assertEqual(response.status, status)
            self.assertEqual(response["Connection"], "close")
            self.assertIn(str(status).encode(), response.body)
            self.assertTrue(client.at_end())
        self.assertEqual(self.server.get("/").status, 200)
        return response

    def test_200(self):
        response = self.server.get("/a.txt")
        self.assertEqual((response.status, response.version, response.body), (200, "HTTP/1.1", b"0123456789"))
        self.assertEqual(response["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual(response["Content-Length"], "10")
        self.assertEqual(response["Accept-Ranges"], "bytes")
        self.assertIsNone(response["Connection"])

    def test_date_is_now(self):
        date = email.utils.parsedate_to_datetime(self.server.get("/")["Date"]).timestamp()
        self.assertLess(abs(date - time.time()), 60)

    def test_head_is_get_without_the_body(self):
        get, head = self.server.get("/big.bin"), self.server.get("/big.bin", method="HEAD")
        for response in get, head:
            del response.headers["date"]
        self.assertEqual((get.status, get.headers), (head.status, head.headers))
        self.assertEqual(len(get.body), 256 * 1024)

    def test_400_bare_method(self):
        self.refused(b"GET\r\n\r\n", 400)

    def test_400_no_http(self):
        self.refused(b"hello there\r\n\r\n", 400)

    def test_400_binary(self):
        self.refused(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400)

    def test_400_no_host(self):
        self.refused(request("/", host=None), 400)

    def test_400_two_hosts(self):
        self.refused(request("/", "Host: other"), 400)

    def test_400_folded_header(self):
        self.refused(request("/", "X: a\r\n b"), 400)

    def test_400_two_lengths(self):
        self.refused(request("/", "Content-Length: 1", "Content-Length: 2"), 400)

    def test_400_length_and_chunked(self):
        self.refused(request("/", "Content-Length: 1", "Transfer-Encoding: chunked"), 400)

    def test_400_bad_length(self):
        for value in "-1", "1x", "":
            self.refused(request("/", "Content-Length: " + value), 400)

    def test_400_space_before_the_colon(self):
        self.refused(request("/", "X : y"), 400)

    def test_400_target_that_is_no_path(self):
        self.refused(request("index.html"), 400)

    def test_404(self):
        response = self.server.get("/missing")
        self.assertEqual(response.status, 404)
        self.assertIn(b"404 Not Found", response.body)

    def test_404_keeps_the_connection(self):
        with self.server.connect() as client:
            self.assertEqual(client.get("/missing").status, 404)
            self.assertEqual(client.get("/missing", method="HEAD").status, 404)
            self.assertEqual(client.get("/a.txt").status, 200)

    def test_405(self):
        for method in "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE":
            response = self.server.get("/", method=method)
            self.assertEqual((response.status, response["Allow"], response["Connection"]), (405, "GET, HEAD", None))

    def test_405_with_body(self):
        self.refused(request("/", "Content-Length: 100000", method="POST") + bytes(100000), 405)

    def test_413(self):
        for value in "99999999999", "99999999999999999999999":
            self.refused(request("/", "Content-Length: " + value), 413)

    def test_414(self):
        self.refused(request("/" + "a" * 9000), 414)
        self.refused(request("/" + "a" * 100000), 414)

    def test_431_long_header(self):
        self.refused(request("/", "X: " + "a" * 100000), 431)

    def test_431_many_headers(self):
        self.refused(request("/", *[f"X{i}: 1" for i in range(1000)]), 431)

    def test_501_method(self):
        for method in "BREW", "get":
            response = self.server.get("/", method=method)
            self.assertEqual((response.status, response["Connection"]), (501, None))

    def test_transfer_coding(self):
        self.refused(request("/", "Transfer-Encoding: gzip"), 501)
        self.refused(request("/", "Transfer-Encoding: gzip, chunked"), 501)

    def test_upgrades_are_ignored(self):
        self.assertEqual(self.server.get("/", "Connection: Upgrade", "Upgrade: h2c").status, 200)

    # The final answer makes the interim one unnecessary; whether the body follows is open, so the connection ends.
    def test_expected_body(self):
        with self.server.connect() as client:
            client.send(request("/a.txt", "Expect: 100-continue", "Content-Length: 5"))
            response = client.response()
            self.assertEqual((response.body, response["Connection"]), (b"0123456789", "close"))
            self.assertTrue(client.at_end())

    def test_505(self):
        self.refused(request("/", version="3.0"), 505)
        self.refused(request("/", version="2.0"), 505)
        self.refused(b"GET /\r\n\r\n", 400)  # HTTP/0.9
        with self.server.connect() as client:
            client.send(request("/", version="1.9"))
            self.assertEqual(client.response().status, 200)
        self.refused(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505)

    def test_404_for_an_encoded_slash(self):
        self.refused(request("/a%2ftxt"), 404)

    def test_absolute_form(self):
        self.assertEqual(self.server.get("http://example.org/a.txt?x").body, b"0123456789")
        self.assertEqual(self.server.get("http://example.org").body, b"<p>hello</p>\n")

    def test_body_of_a_get_is_ignored(self):
        with self.server.connect() as client:
            client.send(request("/a.txt", "Content-Length: 5000") + b"G" * 5000 + request("/"))
            self.assertEqual(client.response().body, b"0123456789")
            self.assertEqual(client.response().body, b"<p>hello</p>\n")

    def test_chunked_body_is_ignored(self):
        with self.server.connect() as client:
            client.send(request("/a.txt", "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n" + request("/"))
            self.assertEqual(client.response().body, b"0123456789")
            self.assertEqual(client.response().body, b"<p>hello</p>\n")


class Timeouts(WebTest):
    OPTIONS = ("--header-timeout=1", "--idle-timeout=2")

    def test_408_for_a_head_that_does_not_end(self):
        with self.server.connect() as client:
            client.send(b"GET / HTTP/1.1\r\nHost: test\r\n")
            response = client.response()
            self.assertEqual((response.status, response["Connection"]), (408, "close"))
            self.assertTrue(client.at_end())

    def test_idle_connections_are_closed_without_a_word(self):
        with self.server.connect() as fresh, self.server.connect() as used:
            self.assertEqual(used.get("/").status, 200)
            self.assertTrue(fresh.at_end())
            self.assertTrue(used.at_end())


class CommandLine(WebTest):
    def test_address_is_printed(self):
        self.assertEqual(self.server.line, f"serving {self.server.root} at http://127.0.0.1:{self.server.port}/\n")

    def test_port_in_use(self):
        with self.assertRaisesRegex(AssertionError, "cannot listen on '127.0.0.1:.*': Address already in use"):
            Server(options=[f"--port={self.server.port}"])

    def test_bad_options(self):
        for option, message in {
            "--port=99999": "--port takes a number from 0 to 65535, but got '99999'",
            "--idle-timeout=x": "--idle-timeout takes a number from 1 to 86400, but got 'x'",
            "--root=/nowhere": "cannot serve /nowhere: No such file or directory",
            "--address=nowhere.invalid": "cannot listen on 'nowhere.invalid:0'",
            "--nonsense": "--help lists the options",
            "extra": "unexpected argument 'extra'",
        }.items():
            with self.assertRaisesRegex(AssertionError, message):
                Server(options=[option])


main()
