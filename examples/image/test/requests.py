# Requests and their answers: parameters, methods, conditions, ranges, files that are none, and the command line.
# RUN: %image-test %model %s

import os
import subprocess

from support import ImageTest, Server, encoded, main, photo


class Requests(ImageTest):
    FILES = {"photo.jpg": encoded(photo(), "JPEG"), "a b.jpg": encoded(photo(), "JPEG")}
    OPTIONS = ("--max-age=60",)

    def refused(self, target, status, text=b"", **options):
        answer = self.server.get(target, **options)
        self.assertEqual(answer.status, status)
        self.assertTrue(answer.body.startswith(b"%d " % status), answer.body)
        self.assertIn(text, answer.body)
        self.assertEqual(answer["Content-Type"], "text/plain; charset=utf-8")
        return answer

    def test_bad_parameters(self):
        for query, text in {
            "width=0": b"width takes a number from 1 to 16383, but got '0'",
            "width=-1": b"but got '-1'",
            "width=16384": b"but got '16384'",
            "width=99999999999999999999": b"but got '99999999999999999999'",
            "width=": b"but got ''",
            "width": b"but got ''",
            "width=1e2": b"but got '1e2'",
            "width= 1".replace(" ", "%20"): b"but got '%201'",
            "height=x": b"height takes a number from 1 to 16383, but got 'x'",
            "quality=101": b"quality takes a number from 1 to 100, but got '101'",
            "fit=fill": b"fit takes 'contain' or 'cover', but got 'fill'",
            "width=1&width=1": b"width is given twice",
            "size=1": b"unknown parameter 'size'; expected width, height, fit or quality",
            "width=1&&height=1": b"unknown parameter ''",
            "&": b"unknown parameter ''",
        }.items():
            with self.subTest(query):
                self.refused("/photo.jpg?" + query, 400, text)

    def test_methods(self):
        self.assertEqual(self.refused("/photo.jpg", 405, method="POST")["Allow"], "GET, HEAD")
        self.refused("/photo.jpg", 501, method="BREW")

    def test_head_is_get_without_the_body(self):
        get, head = self.server.get("/photo.jpg?width=20"), self.server.get("/photo.jpg?width=20", method="HEAD")
        self.assertEqual(head.body, b"")
        for name in "Content-Length", "Content-Type", "ETag", "Vary", "Cache-Control":
            self.assertEqual(head[name], get[name])

    def test_caches_are_told(self):
        answer = self.server.get("/photo.jpg?width=20")
        self.assertEqual(answer["Cache-Control"], "public, max-age=60")
        self.assertEqual(answer["Vary"], "Accept")
        self.assertIsNotNone(answer["Last-Modified"])

    def test_conditions(self):
        answer = self.server.get("/photo.jpg?width=20")
        for fields in {"If_None_Match": answer["ETag"]}, {"If_Modified_Since": answer["Last-Modified"]}:
            again = self.server.get("/photo.jpg?width=20", **fields)
            self.assertEqual((again.status, again.body, again["ETag"]), (304, b"", answer["ETag"]))
            self.assertEqual(again["Vary"], "Accept")
        self.assertEqual(self.server.get("/photo.jpg?width=21", If_None_Match=answer["ETag"]).status, 200)
        self.assertEqual(self.server.get("/photo.jpg?width=20", If_Match='"other"').status, 412)
        # Of another format, so that no cache takes the one for the other.
        self.assertEqual(self.server.get("/photo.jpg?width=20", If_None_Match=answer["ETag"], Accept="image/webp").status, 200)

    def test_ranges(self):
        whole = self.server.get("/photo.jpg?width=20").body
        answer = self.server.get("/photo.jpg?width=20", Range="bytes=10-19")
        self.assertEqual((answer.status, answer.body), (206, whole[10:20]))
        self.assertEqual(answer["Content-Range"], f"bytes 10-19/{len(whole)}")
        self.assertEqual(self.server.get("/photo.jpg?width=20", Range=f"bytes={len(whole)}-").status, 416)

    def test_names(self):
        self.assertEqual(self.picture("/a%20b.jpg?width=20").size, (20, 15))
        self.refused("/nothing.jpg", 404)
        self.refused("/photo.jpg/nothing", 404)
        self.refused("/", 403)

    def test_nothing_outside_the_root(self):
        os.symlink("/etc/hostname", self.server.root + "/out.jpg")
        os.mkfifo(self.server.root + "/pipe.jpg")
        self.refused("/out.jpg", 403)
        self.refused("/pipe.jpg", 403)
        self.assertNotEqual(self.server.get("/../../etc/hostname").status, 200)


class CommandLine(ImageTest):
    def test_bad_options(self):
        for option, message in {
            "--port=99999": "--port takes a number from 0 to 65535, but got '99999'",
            "--max-pixels=x": "--max-pixels takes a number from 1 to 1000, but got 'x'",
            "--cache=": "--cache takes a number from 0 to 1048576, but got ''",
            "--root=/nowhere": "cannot serve /nowhere: No such file or directory",
            "--key=server.key": "a key needs a certificate",
            f"--port={self.server.port}": "Address already in use",
            "--nonsense": "--help lists the options",
            "extra": "unexpected argument 'extra'",
        }.items():
            with self.assertRaisesRegex(AssertionError, message):
                Server({}, [option])

    def test_help(self):
        output = subprocess.run([os.environ["IMAGE_SERVER"], "--help"], capture_output=True, text=True, check=True).stdout
        self.assertIn("--max-pixels=MILLION", output)


main()
