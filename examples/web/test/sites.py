# What a site's settings do to its answers: header fields by path, dotfiles, error pages, and the fallback of one-page programs.
# RUN: %web-test %model %s

from support import ConfiguredTest, main

SETTINGS = """
fallback = "/index.html"

[error-pages]
404 = "404.html"
405 = "405.txt"
412 = "404.html"
416 = "404.html"

[[headers]]
path = "*"
set = { X-Every = "1", Cache-Control = "no-cache" }

[[headers]]
path = "/assets/*"
set = { cache-control = "public, max-age=31536000, immutable" }

[[headers]]
path = "*.map"
set = { X-Every = "" }

[[headers]]
path = "/*"
always = true
set = { Strict-Transport-Security = "max-age=63072000" }
"""
FILES = {
    "index.html": b"<p>one page</p>", "a.txt": b"0123456789", "assets/deep/app.js": b"js", "assets/app.map": b"map",
    "page.html": b"page", ".secret": b"secret", ".git/config": b"config", "dir/.hidden/x": b"hidden", "dir/x": b"x",
    ".well-known/acme": b"token", ".well-known/.hidden": b"no", "x/.well-known/y": b"no", "a.b": b"dot inside",
}
OWN = {"404.html": b"<h1>our own</h1>", "405.txt": b"no such method"}

# Path, and the fields of an answer with it, None for those that are not there.
FIELDS = [
    ("/a.txt", {"X-Every": "1", "Cache-Control": "no-cache"}),
    ("/", {"X-Every": "1", "Cache-Control": "no-cache"}),
    ("/assets/deep/app.js", {"X-Every": "1", "Cache-Control": "public, max-age=31536000, immutable"}),
    ("/assets/app.map", {"X-Every": None, "Cache-Control": "public, max-age=31536000, immutable"}),
    ("/missing", {"X-Every": None, "Cache-Control": None}),
    ("/dir", {"X-Every": None, "Location": "/dir/"}),
]


class Sites(ConfiguredTest):
    SETTINGS = SETTINGS
    FILES = FILES
    OWN = OWN

    def test_fields(self):
        for path, fields in FIELDS:
            response = self.server.get(path)
            self.assertEqual({name: response[name] for name in fields}, fields, path)
            self.assertEqual(response["Strict-Transport-Security"], "max-age=63072000", path)

    def test_fields_of_a_304(self):
        etag = self.server.get("/a.txt")["ETag"]
        response = self.server.get("/a.txt", "If-None-Match: " + etag)
        self.assertEqual((response.status, response["Cache-Control"]), (304, "no-cache"))

    def test_dotfiles(self):
        for path, status in [("/.secret", 404), ("/.git/config", 404), ("/.git/", 404), ("/.git", 404), ("/dir/.hidden/x", 404),
                             ("/dir/x", 200), ("/.well-known/acme", 200), ("/.well-known/.hidden", 404),
                             ("/x/.well-known/y", 404), ("/%2esecret", 404), ("/a.b", 200), ("/.", 200)]:
            self.assertEqual(self.server.get(path).status, status, path)

    def test_error_pages(self):
        for method, path, headers, status, body, type in [
            ("GET", "/missing", (), 404, OWN["404.html"], "text/html; charset=utf-8"),
            ("HEAD", "/missing", (), 404, b"", "text/html; charset=utf-8"),
            ("POST", "/a.txt", (), 405, OWN["405.txt"], "text/plain; charset=utf-8"),
            ("GET", "/a.txt", ('If-Match: "x"',), 412, OWN["404.html"], "text/html; charset=utf-8"),
            ("GET", "/a.txt", ("Range: bytes=10-",), 416, OWN["404.html"], "text/html; charset=utf-8"),
        ]:
            response = self.server.get(path, *headers, method=method)
            self.assertEqual((response.status, response.body, response["Content-Type"]), (status, body, type), path)
        self.assertEqual(self.server.get("/a.txt", "Range: bytes=10-")["Content-Range"], "bytes */10")
        self.assertEqual(self.server.get("/a.txt", method="POST")["Allow"], "GET, HEAD")
        self.assertIn(b"501", self.server.get("/a.txt", method="BREW").body)

    # Only who wants to see a page gets the fallback, and caches are told.
    def test_fallback(self):
        for path, accept, status in [
            ("/some/route", "text/html,application/xhtml+xml,*/*;q=0.8", 200),
            ("/dir/route", "text/html", 200),
            ("/none/", "text/html", 200),
            ("/.secret", "text/html", 200),
            ("/some/route", "*/*", 404),
            ("/missing.js", "application/javascript", 404),
            ("/some/route", "text/html;q=0", 404),
        ]:
            response = self.server.get(path, "Accept: " + accept)
            self.assertEqual((response.status, response["Vary"]), (status, "Accept"), (path, accept))
            self.assertEqual(response.body, FILES["index.html"] if status == 200 else OWN["404.html"], path)
        for path in "/", "/page.html", "/a.txt":
            response = self.server.get(path, "Accept: text/html")
            self.assertEqual((response.body, response["Vary"]), (FILES[path[1:] or "index.html"], None))

    def test_fallback_has_conditions(self):
        etag = self.server.get("/some/route", "Accept: text/html")["ETag"]
        response = self.server.get("/other/route", "Accept: text/html", "If-None-Match: " + etag)
        self.assertEqual((response.status, response["ETag"]), (304, etag))


class Dotfiles(ConfiguredTest):
    SETTINGS = "dotfiles = true"
    FILES = FILES

    def test_are_served_when_asked_for(self):
        self.assertEqual(self.server.get("/.secret").body, b"secret")


# Settings, and the start of the message about them, behind the file's name.
MISTAKES = [
    ('dotfiles = "no"', "1:12: dotfiles takes true or false, but got 'no'"),
    ('fallback = "index.html"', "1:12: fallback takes a path that begins with a slash, but got 'index.html'"),
    ("headers = 1", "1:11: headers takes tables, each as [[headers]], but got 1"),
    ('[[headers]]\npath = "*"\nset = { Date = "x" }', "3:9: the server itself says what 'Date' is"),
    ('[[headers]]\npath = "*"\nset = { "a b" = "x" }', "3:9: 'a b' is no name of a header field"),
    ('[[headers]]\npath = "*"\nset = { A = "x\\r\\nB: c" }', "3:13: A takes a string without control characters"),
    ('[[headers]]\npath = "*"\nset = { A = 1 }', "3:13: A takes a string"),
    ('[[headers]]\npath = "*"\nset = "A: b"', "3:7: set takes a table, but got 'A: b'"),
    ('[[headers]]\nset = { A = "b" }', "1:1: [[headers]] needs 'path'"),
    ('[[headers]]\npath = "*"\nwhen = 1\nset = { A = "b" }', "3:1: unknown key 'when'; expected one of always, path, set"),
    ('[[headers]]\npath = "*"\nset = { A = "%s" }' % ("x" * 1300), "1:1: header fields have 1305 bytes, but there is room for 1200"),
    ('[error-pages]\n400 = "x"', "2:1: unknown key '400'; expected one of 403, 404, 405, "),
    ("[error-pages]\n404 = 1", "2:7: 404 takes the name of a file, but got 1"),
    ('error-pages = "x"', "1:15: error-pages takes a table, but got 'x'"),
]


class Mistakes(ConfiguredTest):
    def test_mistakes(self):
        for text, expected in MISTAKES:
            status, _, messages = self.check(text)
            self.assertEqual(status, 1, text)
            self.assertTrue(messages.startswith("web: FILE:" + expected), (text, messages))

    def test_error_page_that_is_not_there(self):
        _, _, messages = self.check('[error-pages]\n404 = "nowhere.html"')
        self.assertRegex(messages, "^web: cannot read .*/nowhere.html: No such file or directory\n")


main()
