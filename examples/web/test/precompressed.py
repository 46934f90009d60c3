# Files that are compressed beforehand: who gets which, and what is said of it.
# RUN: %web-test %model %s

import os

from support import WebTest, eventually, main

FILES = {
    "a.css": b"plain text", "a.css.gz": b"gzipped!", "a.css.br": b"brotli",
    "only.js": b"plain", "only.js.gz": b"gz",
    "none.txt": b"alone",
    "big.js": b"b" * 300_000, "big.js.br": b"B" * 100_000,
    "dir/index.html": b"<p>", "dir/index.html.gz": b"index",
    "folder.txt": b"file", "folder.txt.gz/x": b"no file",
}

# Path, Accept-Encoding (None: no such field), and the coding that is chosen; 406 where none may be.
CHOICES = [
    ("/a.css", None, None),
    ("/a.css", "", None),
    ("/a.css", "gzip", "gzip"),
    ("/a.css", "br", "br"),
    ("/a.css", "GZIP", "gzip"),
    ("/a.css", "gzip, deflate, br", "br"),  # the smaller of equals
    ("/a.css", "br;q=0.5, gzip", "gzip"),
    ("/a.css", "br;q=0.501, gzip;q=0.5", "br"),
    ("/a.css", "br;q=0, gzip;q=0.001", "gzip"),
    ("/a.css", "deflate, zstd", None),
    ("/a.css", "*", "br"),
    ("/a.css", "*;q=0.1, gzip;q=0.2", "gzip"),
    ("/a.css", "br;q=0, *", "gzip"),
    ("/a.css", "identity, gzip;q=0.9", None),
    ("/a.css", "identity;q=0.5, gzip;q=0.9", "gzip"),
    ("/a.css", "gzip;q=0", None),
    ("/a.css", "*;q=0", 406),
    ("/a.css", "identity;q=0", 406),
    ("/a.css", "identity;q=0, br;q=0, gzip", "gzip"),
    ("/a.css", "*;q=0, identity", None),
    ("/a.css", "*;q=0, gzip", "gzip"),
    ("/only.js", "br", None),
    ("/only.js", "br, gzip;q=0.1", "gzip"),
    ("/only.js", "br, identity;q=0", 406),
    ("/big.js", "br", "br"),
    ("/big.js", "gzip", None),
    ("/dir/", "gzip", "gzip"),
    ("/folder.txt", "gzip", None),  # what has the name is a directory
    ("/none.txt", "gzip, br", None),
]


def compressed(path, coding):
    name = path[1:] + ("index.html" if path.endswith("/") else "")
    return FILES[name + {"gzip": ".gz", "br": ".br", None: ""}[coding]]


class Precompressed(WebTest):
    OPTIONS = ("--precompressed",)
    FILES = FILES

    def get(self, path, accepted, *headers, **keywords):
        return self.server.get(path, *([] if accepted is None else ["Accept-Encoding: " + accepted]), *headers, **keywords)

    def test_choices(self):
        for path, accepted, coding in CHOICES:
            response = self.get(path, accepted)
            if coding == 406:
                self.assertEqual((response.status, response["Vary"]), (406, "Accept-Encoding"), (path, accepted))
                continue
            self.assertEqual((response.status, response["Content-Encoding"]), (200, coding), (path, accepted))
            self.assertEqual(response.body, compressed(path, coding), (path, accepted))
            self.assertEqual(response["Vary"], None if path in ("/none.txt", "/folder.txt") else "Accept-Encoding", path)

    # Several fields are one list.
    def test_fields(self):
        self.assertEqual(self.get("/a.css", "br;q=0.1", "Accept-Encoding: gzip")["Content-Encoding"], "gzip")

    def test_type_is_that_of_the_file(self):
        for coding in "gzip", "br", "":
            self.assertEqual(self.get("/a.css", coding)["Content-Type"], "text/css; charset=utf-8")
        self.assertEqual(self.get("/a.css.gz", "gzip")["Content-Type"], "application/gzip")
        self.assertIsNone(self.get("/a.css.gz", "gzip")["Content-Encoding"])

    def test_head(self):
        response = self.get("/a.css", "br", method="HEAD")
        self.assertEqual((response["Content-Encoding"], response["Content-Length"]), ("br", "6"))

    # A tag is that of what was sent: a copy of one form is no copy of another.
    def test_conditions(self):
        tags = [self.get("/a.css", coding)["ETag"] for coding in ("", "gzip", "br")]
        self.assertEqual(len(set(tags)), 3)
        for coding, own in zip(("", "gzip", "br"), tags):
            for tag in tags:
                response = self.get("/a.css", coding, "If-None-Match: " + tag)
                self.assertEqual(response.status, 304 if tag == own else 200)
                self.assertEqual((response["ETag"], response["Vary"]), (own, "Accept-Encoding"))
                self.assertEqual(self.get("/a.css", coding, "If-Match: " + tag).status, 200 if tag == own else 412)

    # Two names for one file are two forms nevertheless.
    def test_one_file_with_two_names(self):
        self.server.write("same.js", b"same")
        os.link(self.server.path("same.js"), self.server.path("same.js.gz"))
        os.link(self.server.path("same.js"), self.server.path("same.js.br"))
        self.assertEqual(len({self.get("/same.js", coding)["ETag"] for coding in ("", "gzip", "br")}), 3)

    def test_ranges(self):
        for path, coding in ("/a.css", "gzip"), ("/a.css", "br"), ("/big.js", "br"), ("/big.js", None):
            whole = compressed(path, coding)
            response = self.get(path, coding, "Range: bytes=1-3")
            self.assertEqual((response.status, response["Content-Range"]), (206, f"bytes 1-3/{len(whole)}"))
            self.assertEqual((response.body, response["Content-Encoding"]), (whole[1:4], coding))
        plain = self.get("/a.css", "")["ETag"]
        self.assertEqual(self.get("/a.css", "gzip", "Range: bytes=1-3", "If-Range: " + plain).status, 200)
        self.assertEqual(self.get("/a.css", "gzip", "Range: bytes=8-")["Content-Range"], "bytes */8")

    # On one connection: others may meet another core's or process's cache.
    def test_changes_show(self):
        self.server.write("late.js", b"plain")
        with self.server.connect() as client:
            ask = lambda: client.get("/late.js", "Accept-Encoding: gzip")
            self.assertIsNone(ask()["Content-Encoding"])
            self.server.write("late.js.gz", b"first")
            eventually(lambda: ask().body == b"first", "a new form is sent")
            self.server.write("late.js.gz", b"the second")
            eventually(lambda: ask().body == b"the second", "a changed form is sent")
            os.unlink(self.server.path("late.js.gz"))
            eventually(lambda: ask().body == b"plain", "a form that has gone is not sent")


class NotAsked(WebTest):
    FILES = FILES

    def test_files_beside_are_files(self):
        response = self.server.get("/a.css", "Accept-Encoding: br, gzip")
        self.assertEqual((response.body, response["Vary"]), (b"plain text", None))


main()
