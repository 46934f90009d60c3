# What is in a directory, for who wants to know.
# RUN: %web-test %model %s

import html.parser
import os
import urllib.parse

from support import WebTest, eventually, main

NAMES = ["plain.txt", "a&b.txt", "<script>.txt", '"quoted".txt', "it's.txt", "a b.txt", "100%.txt", "javascript:alert(1)", "ä.txt",
         "#hash", "?query", "UPPER", "z"]
DIRECTORIES = ["sub", "an <b>", "0"]


class Page(html.parser.HTMLParser):
    """The links of a page, with their texts, and the names of its elements."""

    def __init__(self, page):
        super().__init__()
        self.links, self.tags, self.link = [], set(), None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag == "a":
            self.link = [dict(attributes)["href"], ""]
            self.links.append(self.link)

    def handle_endtag(self, tag):
        self.link = None if tag == "a" else self.link

    def handle_data(self, data):
        if self.link:
            self.link[1] += data


class Listing(WebTest):
    OPTIONS = ("--listing",)
    FILES = {**{"files/" + name: name.encode() for name in NAMES}, **{f"files/{name}/x": b"" for name in DIRECTORIES},
             "files/.hidden": b"", "with/index.html": b"index", "empty/x/y": b""}

    def page(self, path):
        response = self.server.get(path)
        self.assertEqual((response.status, response["Content-Type"]), (200, "text/html; charset=utf-8"))
        return Page(response.body.decode())

    # Directories first, each sorted by its bytes; and nothing of a name becomes HTML.
    def test_names(self):
        page = self.page("/files/")
        expected = ["../"] + [name + "/" for name in sorted(DIRECTORIES)] + sorted(NAMES, key=str.encode)
        self.assertEqual([text for _, text in page.links], expected)
        self.assertLessEqual(page.tags, {"meta", "title", "h1", "table", "tr", "th", "td", "a"})

    def test_links_lead_there(self):
        for link, text in self.page("/files/").links[1:]:
            url = urllib.parse.urljoin("http://h/files/", link)
            self.assertTrue(url.startswith("http://h/files/"), url)
            response = self.server.get(url[len("http://h"):])
            self.assertEqual(response.status, 200, url)
            if not text.endswith("/"):
                self.assertEqual(response.body.decode(), text)

    def test_sizes_and_dates(self):
        self.server.write("dated/file", b"x" * 1234)
        os.utime(self.server.path("dated/file"), (1_000_000_000, 1_000_000_000))
        self.assertIn(b"<td>1234</td><td>2001-09-09 01:46</td>", self.server.get("/dated/").body)

    def test_index_comes_first(self):
        self.assertEqual(self.server.get("/with/").body, b"index")

    def test_redirect(self):
        self.assertEqual(self.server.get("/files")["Location"], "/files/")

    def test_root_has_no_parent(self):
        self.assertNotIn("../", [text for _, text in self.page("/").links])

    # What would not be served is not shown.
    def test_what_is_no_file(self):
        self.server.write("odd/file", b"")
        os.symlink("file", self.server.path("odd/good"))
        os.symlink("/etc/passwd", self.server.path("odd/out"))
        os.symlink("nowhere", self.server.path("odd/dangling"))
        os.mkfifo(self.server.path("odd/fifo"))
        self.assertEqual([text for _, text in self.page("/odd/").links], ["../", "file", "good"])
        self.assertEqual(self.server.get("/none/").status, 404)

    # On one connection: others may meet another core's or process's cache.
    def test_changes_show(self):
        self.server.write("changing/a", b"")
        with self.server.connect() as client:
            self.assertIn(b">a<", client.get("/changing/").body)
            self.server.write("changing/b", b"")
            eventually(lambda: b">b<" in client.get("/changing/").body, "a new file is shown")
            self.server.write("changing/index.html", b"index")
            eventually(lambda: client.get("/changing/").body == b"index", "the index is shown")

    # It was made, and is no file whose copy could be kept.
    def test_no_validators(self):
        response = self.server.get("/files/")
        self.assertEqual((response["ETag"], response["Last-Modified"]), (None, None))
        self.assertEqual(self.server.get("/files/", "If-None-Match: *").status, 304)
        self.assertEqual(self.server.get("/files/", "Range: bytes=0-1").status, 206)

    def test_huge_directory(self):
        self.server.write("huge/x", b"")
        for number in range(10_100):
            os.link(self.server.path("huge/x"), self.server.path(f"huge/{number}"))
        response = self.server.get("/huge/")
        self.assertEqual(response.body.count(b"<a "), 10_001)
        self.assertIn(b"There is more than is shown here.", response.body)


class NotAsked(WebTest):
    FILES = {"dir/x": b""}

    def test_directories_are_closed(self):
        self.assertEqual(self.server.get("/dir/").status, 403)


main()
