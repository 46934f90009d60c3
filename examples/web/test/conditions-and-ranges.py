# Conditional requests (RFC 9110, section 13) and byte ranges (section 14).
# RUN: %web-test %model %s

import email.utils
import os
import time

from support import WebTest, main


class Conditions(WebTest):
    MODIFIED = 1_000_000_000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.utime(cls.server.path("a.txt"), (cls.MODIFIED, cls.MODIFIED))

    def date(self, offset=0):
        return email.utils.formatdate(self.MODIFIED + offset, usegmt=True)

    def status(self, *headers, **keywords):
        return self.server.get("/a.txt", *headers, **keywords).status

    def test_last_modified(self):
        self.assertEqual(self.server.get("/a.txt")["Last-Modified"], self.date())

    def test_not_modified(self):
        etag = self.server.get("/a.txt")["ETag"]
        response = self.server.get("/a.txt", "If-None-Match: " + etag)
        self.assertEqual((response.status, response["ETag"], response["Content-Length"]), (304, etag, None))

    def test_if_none_match(self):
        etag = self.server.get("/a.txt")["ETag"]
        for value in etag, "W/" + etag, f'"x", {etag}', f'"x",W/"y" , W/{etag}', "*":
            self.assertEqual(self.status("If-None-Match: " + value), 304, value)
            self.assertEqual(self.status("If-None-Match: " + value, method="HEAD"), 304, value)
        for value in '"x"', "x", etag.strip('"'), '"unclosed', "":
            self.assertEqual(self.status("If-None-Match: " + value), 200, value)

    def test_if_modified_since(self):
        self.assertEqual(self.status("If-Modified-Since: " + self.date()), 304)
        self.assertEqual(self.status("If-Modified-Since: " + self.date(1)), 304)
        self.assertEqual(self.status("If-Modified-Since: " + self.date(-1)), 200)
        self.assertEqual(self.status("If-Modified-Since: yesterday"), 200)

    def test_the_older_forms_of_dates(self):
        self.assertEqual(self.status("If-Modified-Since: Sunday, 09-Sep-01 01:46:40 GMT"), 304)
        self.assertEqual(self.status("If-Modified-Since: Sun Sep  9 01:46:40 2001"), 304)
        self.assertEqual(self.status("If-Modified-Since: Sun Sep  9 01:46:39 2001"), 200)

    def test_tags_come_before_dates(self):
        self.assertEqual(self.status('If-None-Match: "x"', "If-Modified-Since: " + self.date()), 200)

    def test_preconditions(self):
        etag = self.server.get("/a.txt")["ETag"]
        self.assertEqual(self.status("If-Match: " + etag), 200)
        self.assertEqual(self.status("If-Match: *"), 200)
        self.assertEqual(self.status('If-Match: "x"'), 412)
        self.assertEqual(self.status("If-Match: W/" + etag), 412)
        self.assertEqual(self.status("If-Unmodified-Since: " + self.date()), 200)
        self.assertEqual(self.status("If-Unmodified-Since: " + self.date(-1)), 412)

    def test_the_connection_goes_on(self):
        with self.server.connect() as client:
            for _ in range(3):
                self.assertEqual(client.get("/a.txt", "If-Modified-Since: " + self.date()).status, 304)
                self.assertEqual(client.get("/a.txt", 'If-Match: "x"').status, 412)
                self.assertEqual(client.get("/a.txt").body, b"0123456789")


class Dates(WebTest):
    # A client that kept it would take a later change for an older one (RFC 9110, 8.8.2.1).
    def test_date_in_the_future_is_not_sent(self):
        self.server.write("future.txt", b"x")
        later = time.time() + 1_000_000
        os.utime(self.server.path("future.txt"), (later, later))
        response = self.server.get("/future.txt")
        self.assertEqual((response.status, response["Last-Modified"]), (200, None))
        self.assertIsNotNone(response["ETag"])

    # A file that is put in the place of another may have its size and time: the tag knows which of them it is.
    def test_file_of_the_same_size_and_time(self):
        tags = set()
        for name, content in ("first", b"one"), ("second", b"two"):
            self.server.write(name, content)
            os.utime(self.server.path(name), (1_000_000_000, 1_000_000_000))
            tags.add(self.server.get("/" + name)["ETag"])
        self.assertEqual(len(tags), 2)


class Ranges(WebTest):
    def part(self, value, path="/a.txt"):
        response = self.server.get(path, "Range: " + value)
        return response.status, response["Content-Range"], response.body

    def test_single_ranges(self):
        for value, first, body in (
            ("bytes=0-0", 0, b"0"),
            ("bytes=2-4", 2, b"234"),
            ("bytes=7-", 7, b"789"),
            ("bytes=-3", 7, b"789"),
            ("bytes=-100", 0, b"0123456789"),
            ("bytes=5-100", 5, b"56789"),
            ("bytes=5-99999999999999999999", 5, b"56789"),
        ):
            self.assertEqual(self.part(value), (206, f"bytes {first}-{first + len(body) - 1}/10", body), value)

    def test_large_file(self):
        whole = self.FILES["big.bin"]
        for first, last in (0, 0), (1, 100_000), (200_001, len(whole) - 1):
            expected = (206, f"bytes {first}-{last}/{len(whole)}", whole[first : last + 1])
            self.assertEqual(self.part(f"bytes={first}-{last}", "/big.bin"), expected)

    def test_unsatisfiable(self):
        for value in "bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999-":
            status, content_range, _ = self.part(value)
            self.assertEqual((status, content_range), (416, "bytes */10"), value)

    def test_what_is_no_single_range_is_ignored(self):
        for value in "bytes=0-1,3-4", "bytes=4-2", "bytes=", "bytes=-", "bytes=a-b", "bytes=--1", "lines=1-2", "bytes 1-2":
            self.assertEqual(self.part(value), (200, None, b"0123456789"), value)

    def test_head_has_no_ranges(self):
        self.assertEqual(self.server.get("/a.txt", "Range: bytes=0-1", method="HEAD").status, 200)

    # A date is as good as a tag once it is so old that the file has not changed twice within its second.
    def test_if_range(self):
        self.server.write("old.txt", b"0123456789")
        os.utime(self.server.path("old.txt"), (1_100_000_000, 1_100_000_000))
        response = self.server.get("/old.txt")
        for value in response["ETag"], response["Last-Modified"]:
            self.assertEqual(self.server.get("/old.txt", "Range: bytes=0-1", "If-Range: " + value).status, 206)
        for value in '"x"', "W/" + response["ETag"], "Sun, 09 Sep 2001 01:46:40 GMT":
            self.assertEqual(self.server.get("/old.txt", "Range: bytes=0-1", "If-Range: " + value).status, 200)

    def test_not_modified_comes_first(self):
        etag = self.server.get("/a.txt")["ETag"]
        self.assertEqual(self.server.get("/a.txt", "Range: bytes=0-1", "If-None-Match: " + etag).status, 304)

    def test_empty_file(self):
        self.server.write("empty", b"")
        self.assertEqual(self.server.get("/empty").body, b"")
        self.assertEqual(self.part("bytes=0-0", "/empty")[0], 416)
        self.assertEqual(self.part("bytes=-1", "/empty")[0], 416)


main()
