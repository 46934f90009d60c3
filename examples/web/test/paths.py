# From the target of a request to a file, and never to one outside the root.
# RUN: %web-test %model %s

import os
import tempfile

from support import WebTest, main, request


class Paths(WebTest):
    FILES = {
        "index.html": b"root",
        "a b&c.txt": b"spaced",
        "dir/index.html": b"dir",
        "dir/page.htm": b"page",
        "bare/file": b"in bare",
        "umlaut/\u00e4.txt": b"umlaut",
    }

    def test_directory_index(self):
        self.assertEqual(self.server.get("/").body, b"root")
        self.assertEqual(self.server.get("/dir/").body, b"dir")
        self.assertEqual(self.server.get("/dir/")["Content-Type"], "text/html; charset=utf-8")

    def test_directory_without_index(self):
        self.assertEqual(self.server.get("/bare/").status, 403)
        self.assertEqual(self.server.get("/none/").status, 404)

    def test_directory_without_slash(self):
        response = self.server.get("/dir?a=b")
        self.assertEqual((response.status, response["Location"]), (301, "/dir/?a=b"))

    # A Location that began with two slashes would send the client to another host.
    def test_redirects_stay_on_the_host(self):
        for path in "//dir", "///x/..//dir", "/%2e//dir":
            response = self.server.get(path)
            self.assertEqual((response.status, response["Location"]), (301, "/dir/"), path)

    def test_redirects_are_encoded(self):
        self.server.write("x \u00e4\r\n/f", b"")
        response = self.server.get("/x%20%C3%A4%0d%0a")
        self.assertEqual((response.status, response["Location"]), (301, "/x%20%C3%A4%0D%0A/"))

    def test_file_with_slash(self):
        self.assertEqual(self.server.get("/dir/page.htm/").status, 404)

    def test_encoding(self):
        for path in "/a%20b&c.txt", "/%61%20b%26c.txt", "/./a%20b&c.txt?query", "/dir/../a%20b&c.txt":
            self.assertEqual(self.server.get(path).body, b"spaced", path)
        self.assertEqual(self.server.get("/umlaut/%c3%A4.txt").body, b"umlaut")

    def test_bad_encoding(self):
        for path in "/%", "/%4", "/%zz", "/a%00.txt", "/%00":
            self.assertEqual(self.server.get(path).status, 400, path)

    def test_nul_byte(self):
        with self.server.connect() as client:
            client.send(b"GET /a\0b HTTP/1.1\r\nHost: test\r\n\r\n")
            self.assertEqual(client.response().status, 400)
            self.assertTrue(client.at_end())

    def test_long_name(self):
        self.assertEqual(self.server.get("/" + "a" * 300).status, 404)
        self.assertEqual(self.server.get("/" + "a/" * 3000).status, 404)

    def test_types(self):
        types = {"x.html": "text/html; charset=utf-8", "x.CSS": "text/css; charset=utf-8", "x.png": "image/png",
                 "x.tar.gz": "application/gzip", "x.woff2": "font/woff2", "x.7z": "application/x-7z-compressed",
                 "x.zst": "application/zstd", "x.nonsense": "application/octet-stream", "x": "application/octet-stream",
                 "x.": "application/octet-stream", "webmanifest": "application/octet-stream",
                 "x.webmanifest": "application/manifest+json"}
        for name, expected in types.items():
            self.server.write("types/" + name, b"")
            self.assertEqual(self.server.get("/types/" + name)["Content-Type"], expected, name)


class Confinement(WebTest):
    FILES = {"index.html": b"root", "dir/file": b"file"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outside = tempfile.TemporaryDirectory()
        with open(os.path.join(cls.outside.name, "secret"), "w") as secret:
            secret.write("secret")

    @classmethod
    def tearDownClass(cls):
        cls.outside.cleanup()
        super().tearDownClass()

    def test_dots_above_the_root(self):
        for path in ("/../etc/passwd", "/..", "/dir/../../etc/passwd", "/%2e%2e/etc/passwd", "/%2E./etc/passwd",
                     "/.%2e/.%2e/etc/passwd", "/dir/%2e%2e/%2e%2e/etc/passwd", "http://x/../etc/passwd"):
            self.assertEqual(self.server.get(path).status, 400, path)

    def test_encoded_separators(self):
        for path in "/..%2fetc%2fpasswd", "/%2e%2e%2fetc", "/dir%2ffile":
            self.assertEqual(self.server.get(path).status, 404, path)
        self.assertEqual(self.server.get("/..%5cetc").status, 404)

    def test_links_out_of_the_root(self):
        os.symlink(self.outside.name, self.server.path("out"))
        os.symlink(os.path.relpath(self.outside.name, self.server.root), self.server.path("relative"))
        os.symlink(os.path.join(self.outside.name, "secret"), self.server.path("file"))
        os.symlink("/proc/self/root", self.server.path("magic"))
        for path in "/out/secret", "/relative/secret", "/file", "/out/", "/magic/etc/passwd":
            response = self.server.get(path)
            self.assertEqual(response.status, 403, path)
            self.assertNotIn(b"secret", response.body)

    def test_links_within_the_root(self):
        os.symlink("dir", self.server.path("in"))
        os.symlink("loop", self.server.path("loop"))
        self.assertEqual(self.server.get("/in/file").body, b"file")
        self.assertEqual(self.server.get("/loop").status, 403)

    def test_what_is_no_file(self):
        os.mkfifo(self.server.path("fifo"))
        self.assertEqual(self.server.get("/fifo").status, 403)

    def test_what_may_not_be_read(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        os.chmod(self.server.path("dir/file"), 0)
        self.assertEqual(self.server.get("/dir/file").status, 403)


main()
