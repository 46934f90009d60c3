# Hosts with directories, settings and certificates of their own.
# RUN: %web-test %model %s

import http.client
import os
import socket
import ssl
import subprocess
import tempfile

from support import ConfiguredTest, main, request

SETTINGS = """
error-pages = { 404 = "general.html" }
listing = true
%s
[[headers]]
path = "*"
set = { X-Of = "all", X-All = "yes" }

[[host]]
names = ["one.example", "WWW.one.example"]
root = "one"
error-pages = { 404 = "one.html" }
headers = [{ path = "*", set = { X-Of = "one" } }]
%s
[[host]]
names = ["*.two.example", "deep.two.example"]
root = "two"
listing = false
%s
[[host]]
names = ["*.a.two.example"]
root = "three"
"""
OWN = {"one/index.html": b"one", "one/only-one": b"1", "two/index.html": b"two", "two/dir/x": b"x", "three/index.html": b"three",
       "general.html": b"general 404", "one.html": b"404 of one"}
FILES = {"index.html": b"all", "dir/x": b"x"}

# A host, as the client names it, and whose page it gets.
HOSTS = [
    ("one.example", b"one"), ("ONE.Example", b"one"), ("one.example:8080", b"one"), ("www.one.example", b"one"),
    ("x.one.example", b"all"), ("deep.two.example", b"two"), ("x.two.example", b"two"), ("x.y.two.example", b"two"),
    ("two.example", b"all"), ("x.a.two.example", b"three"), ("a.two.example", b"two"), ("xtwo.example", b"all"),
    ("unknown.example", b"all"), ("127.0.0.1", b"all"),
]


class Hosts(ConfiguredTest):
    SETTINGS = SETTINGS % ("", "", "")
    FILES = FILES
    OWN = OWN

    def ask(self, host, path="/"):
        with self.server.connect() as client:
            client.send(request(path, host="Host: " + host))
            return client.response()

    def test_names(self):
        for host, page in HOSTS:
            self.assertEqual(self.ask(host).body, page, host)

    # What was cached for one is nothing to another.
    def test_files_of_others(self):
        self.assertEqual(self.ask("one.example", "/only-one").status, 200)
        self.assertEqual(self.ask("x.two.example", "/only-one").status, 404)
        with self.server.connect() as client:
            for host, page in HOSTS * 3:
                client.send(request("/", host="Host: " + host))
                self.assertEqual(client.response().body, page, host)

    def test_settings_are_each_host_s(self):
        self.assertEqual(self.ask("one.example", "/none").body, OWN["one.html"])
        self.assertEqual(self.ask("x.two.example", "/none").body, OWN["general.html"])
        self.assertEqual(self.ask("x.two.example", "/dir/").status, 403)
        self.assertEqual(self.ask("unknown.example", "/dir/").status, 200)
        for host, of in ("one.example", "one"), ("x.two.example", "all"):
            response = self.ask(host)
            self.assertEqual((response["X-Of"], response["X-All"]), (of, "yes"))

    # A target with a host is stronger than the field, and HTTP/1.0 may name none.
    def test_other_ways_to_name_a_host(self):
        self.assertEqual(self.server.get("http://one.example/").body, b"one")
        with self.server.connect() as client:
            client.send(request("/", version="1.0", host=None))
            self.assertEqual(client.response().body, b"all")

    def test_mistakes(self):
        for text, expected in [
            ('[[host]]\nroot = "one"', "1:1: [[host]] needs 'names'"),
            ('[[host]]\nnames = "a"', "1:1: [[host]] needs 'root'"),
            ('[[host]]\nnames = "a b"\nroot = "one"', "2:9: 'a b' is no name of a host"),
            ('[[host]]\nnames = ["a", "A"]\nroot = "one"', "2:9: 'a' is named twice"),
            ('[[host]]\nnames = "a"\nroot = "one"\nport = 80', "4:1: unknown key 'port'; expected one of certificate, "),
            ('[[host]]\nnames = "a"\nroot = "one"\nkey = "k"', "1:1: [[host]] with a key needs 'certificate'"),
            ('host = "a"', "1:8: host takes tables, each as [[host]], but got 'a'"),
            ('unknown-hosts = "drop"', "1:17: unknown-hosts takes 'serve' or 'refuse', but got 'drop'"),
        ]:
            status, _, messages = self.check(text)
            self.assertEqual(status, 1, text)
            self.assertTrue(messages.startswith("web: FILE:" + expected), (text, messages))


class Refused(ConfiguredTest):
    SETTINGS = 'unknown-hosts = "refuse"\n' + SETTINGS % ("", "", "")
    FILES = FILES
    OWN = OWN

    def test_unknown_hosts(self):
        with self.server.connect() as client:
            for host, page in HOSTS:
                client.send(request("/", host="Host: " + host))
                response = client.response()
                self.assertEqual(response.status, 421 if page == b"all" else 200, host)


class Certificates(ConfiguredTest):
    FILES = FILES
    OWN = OWN

    @classmethod
    def setUpClass(cls):
        # The server reads them at its start, so they are there before.
        directory = tempfile.TemporaryDirectory(prefix="web-hosts-")
        cls.addClassCleanup(directory.cleanup)
        lines = []
        for name in "general", "one.example", "x.two.example":
            certificate = os.path.join(directory.name, name + ".pem")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                            "-keyout", certificate + ".key", "-out", certificate, "-subj", "/CN=" + name,
                            "-addext", "subjectAltName=DNS:" + name], check=True, capture_output=True)
            lines.append(f'certificate = "{certificate}"\nkey = "{certificate}.key"\n')
        cls.SETTINGS = SETTINGS % tuple(lines)
        super().setUpClass()

    def test_certificate_is_that_of_the_name(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        for name, page, certificate in [("one.example", b"one", b"one.example"), ("x.two.example", b"two", b"x.two.example"),
                                        ("other.example", b"all", b"general")]:
            with socket.create_connection(("127.0.0.1", self.server.port), 30) as plain:
                with context.wrap_socket(plain, server_hostname=name) as secure:
                    self.assertIn(certificate, secure.getpeercert(binary_form=True))
                    secure.sendall(request("/", "Connection: close", host="Host: " + name))
                    answer = http.client.HTTPResponse(secure)
                    answer.begin()
                    self.assertEqual(answer.read(), page)


main()
