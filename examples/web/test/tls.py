# HTTP over TLS: what is served is the same.
# RUN: %web-test %model %s

import http.client
import os
import ssl
import subprocess
import tempfile
import unittest

from support import Server, main, request

BIG = bytes(range(256)) * (1 << 12)  # 1 MiB


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.certificate = os.path.join(cls.directory.name, "certificate.pem")
        cls.key = os.path.join(cls.directory.name, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-keyout", cls.key, "-out", cls.certificate, "-subj", "/CN=web", "-addext", "subjectAltName=IP:127.0.0.1"],
                       check=True, capture_output=True)
        cls.server = Server({"a.txt": b"0123456789", "big": BIG},
                            options=[f"--certificate={cls.certificate}", f"--key={cls.key}"])

    @classmethod
    def tearDownClass(cls):
        status, messages = cls.server.stop()
        cls.directory.cleanup()
        assert status == 0, messages

    def connection(self):
        context = ssl.create_default_context(cafile=self.certificate)
        return http.client.HTTPSConnection("127.0.0.1", self.server.port, context=context, timeout=30)

    def test_requests_on_one_connection(self):
        connection = self.connection()
        for path, content in [("/a.txt", b"0123456789"), ("/big", BIG), ("/a.txt", b"0123456789")]:
            connection.request("GET", path)
            answer = connection.getresponse()
            self.assertEqual((answer.status, answer.read()), (200, content))

    def test_range_of_a_large_file(self):
        connection = self.connection()
        connection.request("GET", "/big", headers={"Range": "bytes=70000-170000"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.read()), (206, BIG[70000:170001]))

    def test_many_clients(self):
        connections = [self.connection() for _ in range(40)]
        for connection in connections:
            connection.request("GET", "/a.txt")
        for connection in connections:
            self.assertEqual(connection.getresponse().read(), b"0123456789")

    def test_http2(self):
        url = f"https://127.0.0.1:{self.server.port}"
        for path, content in [("/a.txt", b"0123456789"), ("/big", BIG)]:
            got = subprocess.run(["curl", "-sS", "--http2", "--cacert", self.certificate, "-w", "%{stderr}%{http_version} %{http_code}",
                                  url + path], capture_output=True, timeout=60)
            self.assertEqual((got.stdout, got.stderr), (content, b"2 200"))

    def test_http2_of_many_streams(self):
        load = subprocess.run(["h2load", "-n", "400", "-c", "8", "-m", "10", f"https://127.0.0.1:{self.server.port}/a.txt"],
                              capture_output=True, text=True, timeout=100)
        self.assertIn("400 succeeded, 0 failed", load.stdout, load.stderr)

    def test_plain_text_is_no_tls(self):
        with self.server.connect() as client:
            client.send(request("/a.txt"))
            self.assertNotIn(b"HTTP", client.input.read())

    def test_address_is_printed(self):
        self.assertIn(" at https://127.0.0.1:", self.server.line)


class CommandLine(unittest.TestCase):
    def test_bad_files(self):
        for options in ["--certificate=/nowhere"], ["--key=/nowhere"]:
            with self.assertRaisesRegex(AssertionError, "the server did not start"):
                Server(options=options)


main()
