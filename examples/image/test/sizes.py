# How large results are, and which part of the picture they show.
# RUN: %image-test %model %s

import shutil
import subprocess
import tempfile

from PIL import Image

from support import ImageTest, encoded, main, photo, psnr


class Sizes(ImageTest):
    FILES = {
        "photo.jpg": encoded(photo(400, 300), "JPEG", quality=95),
        "photo.png": encoded(photo(400, 300), "PNG"),
        "line.png": encoded(Image.new("RGB", (20000, 1), "red"), "PNG"),
    }

    def size(self, parameters):
        return self.picture("/photo.jpg" + parameters).size

    def test_one_side_makes_the_other(self):
        self.assertEqual(self.size("?width=200"), (200, 150))
        self.assertEqual(self.size("?height=60"), (80, 60))
        self.assertEqual(self.size("?width=333"), (333, 250))

    def test_contain_stays_within_the_box(self):
        self.assertEqual(self.size("?width=100&height=100"), (100, 75))
        self.assertEqual(self.size("?width=100&height=60&fit=contain"), (80, 60))

    def test_cover_fills_the_box(self):
        self.assertEqual(self.size("?width=100&height=100&fit=cover"), (100, 100))
        self.assertEqual(self.size("?width=250&height=20&fit=cover"), (250, 20))

    # With one side there is no box to cover.
    def test_cover_needs_both_sides(self):
        self.assertEqual(self.size("?width=200&fit=cover"), (200, 150))

    def test_nothing_is_enlarged(self):
        self.assertEqual(self.size(""), (400, 300))
        self.assertEqual(self.size("?width=4000"), (400, 300))
        self.assertEqual(self.size("?width=1000&height=1000"), (400, 300))
        self.assertEqual(self.size("?width=1000&height=1000&fit=cover"), (300, 300))
        self.assertEqual(self.size("?width=800&height=100&fit=cover"), (400, 50))

    # The sides of what is thin do not vanish, and what is longer than a result may be is made shorter.
    def test_extremes(self):
        self.assertEqual(self.size("?width=1"), (1, 1))
        self.assertEqual(self.size("?width=1&height=300&fit=cover"), (1, 300))
        self.assertEqual(self.picture("/line.png").size, (16383, 1))
        self.assertEqual(self.picture("/line.png?width=7").size, (7, 1))

    # The filter alone, and every way the decoder of JPEG makes a picture smaller before it. That has half the colour.
    def test_all_ratios(self):
        for width in (399, 300, 201, 200, 199, 101, 100, 99, 51, 50, 49, 25, 3):
            shown = self.picture(f"/photo.png?width={width}")
            self.assertEqual(shown.width, width)
            self.assertGreater(psnr(shown, photo(400, 300).resize(shown.size, Image.LANCZOS)), 48, width)
            shown = self.picture(f"/photo.jpg?width={width}&quality=95")
            self.assertGreater(psnr(shown.convert("L"), photo(400, 300).resize(shown.size, Image.LANCZOS).convert("L")), 33, width)

    # A second opinion. For JPEG it decodes more, and scales less, than this server does.
    def test_libvips(self):
        if not shutil.which("vips"):
            self.skipTest("vips is not installed")
        for name, least in {"photo.png": 45, "photo.jpg": 36}.items():
            for width in 350, 160, 90:
                with tempfile.TemporaryDirectory() as directory:
                    output = directory + "/out.png"
                    subprocess.run(["vips", "thumbnail", f"{self.server.root}/{name}", output, str(width)], check=True)
                    expected = Image.open(output).convert("RGB")
                shown = self.picture(f"/{name}?width={width}&quality=100")
                self.assertEqual(shown.size, expected.size)
                self.assertGreater(psnr(shown.convert("L"), expected.convert("L")), least, (name, width))

    def test_cover_shows_the_middle(self):
        shown = self.picture("/photo.jpg?width=100&height=300&fit=cover&quality=95")
        self.assertGreater(psnr(shown, photo(400, 300).crop((150, 0, 250, 300))), 33)


main()
