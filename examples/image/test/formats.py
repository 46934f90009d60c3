# What comes in and what goes out: formats, orientation, transparency and profiles of colour.
# RUN: %image-test %model %s

from PIL import Image, ImageCms

from support import ImageTest, encoded, main, photo, psnr

ORIENTATION = 0x112
# What makes a picture upright, and so what was done to one that says so.
UPRIGHT = {
    1: None, 2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM,
    5: Image.TRANSPOSE, 6: Image.ROTATE_270, 7: Image.TRANSVERSE, 8: Image.ROTATE_90,
}
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LARGE_PROFILE = PROFILE + bytes(100_000)  # needs two markers of JPEG
GREY_PROFILE = PROFILE[:16] + b"GRAY" + PROFILE[20:]


def exif(orientation):
    data = Image.Exif()
    data[ORIENTATION] = orientation
    return data.tobytes()


def veiled():
    """Red where it can be seen, green where it cannot."""
    picture = Image.new("RGBA", (64, 64), (0, 255, 0, 0))
    picture.paste((255, 0, 0, 255), (16, 16, 48, 48))
    return picture


class Formats(ImageTest):
    FILES = {
        "photo.jpg": encoded(photo(), "JPEG", quality=95),
        "progressive.jpg": encoded(photo(), "JPEG", quality=95, progressive=True),
        "grey.jpg": encoded(photo().convert("L"), "JPEG", quality=95),
        "print.jpg": encoded(photo().convert("CMYK"), "JPEG", quality=95),
        "photo.png": encoded(photo(), "PNG"),
        "grey.png": encoded(photo().convert("L"), "PNG"),
        "palette.png": encoded(photo().quantize(64), "PNG"),
        "bits.png": encoded(photo().convert("1"), "PNG"),
        "deep.png": encoded(photo().convert("I"), "PNG"),
        "photo.webp": encoded(photo(), "WEBP", quality=95),
        "exact.webp": encoded(photo(), "WEBP", lossless=True),
        "veiled.png": encoded(veiled(), "PNG"),
        "veiled.webp": encoded(veiled(), "WEBP", lossless=True, exact=True),
        "profile.jpg": encoded(photo(), "JPEG", icc_profile=PROFILE),
        "profile.png": encoded(photo(), "PNG", icc_profile=PROFILE),
        "profile.webp": encoded(photo(), "WEBP", icc_profile=PROFILE),
        "large.jpg": encoded(photo(), "JPEG", icc_profile=LARGE_PROFILE),
        "other.jpg": encoded(photo(), "JPEG", icc_profile=GREY_PROFILE),
        **{f"{n}.{format.lower()}": encoded(photo(), format, exif=exif(n), quality=95)
           for n in UPRIGHT for format in ("JPEG", "PNG", "WEBP")},
    }

    def test_all_formats_in(self):
        for name in "photo.jpg progressive.jpg photo.png photo.webp exact.webp".split():
            shown = self.picture(f"/{name}?width=100&quality=95").convert("RGB")
            self.assertGreater(psnr(shown, photo().resize((100, 75), Image.LANCZOS)), 32, name)
        for name in "grey.jpg grey.png palette.png bits.png deep.png print.jpg".split():
            with self.subTest(name):
                self.assertEqual(self.picture(f"/{name}?width=100").size, (100, 75))

    def test_ink_becomes_light(self):
        shown = self.picture("/print.jpg?width=100&quality=95")
        self.assertGreater(psnr(shown, photo().resize((100, 75), Image.LANCZOS)), 25)

    # WebP for those who take it; else what the original is, if all clients know that.
    def test_formats_out(self):
        for name, without in {"photo.jpg": "JPEG", "photo.png": "PNG", "photo.webp": "JPEG", "veiled.webp": "PNG"}.items():
            for accept, expected in {
                "image/webp,*/*": "WEBP", "image/avif, IMAGE/WEBP;q=0.8": "WEBP",
                "*/*": without, "image/webp;q=0": without, "image/*": without,
            }.items():
                answer = self.server.get(f"/{name}?width=50", Accept=accept)
                self.assertEqual(answer.picture().format, expected, (name, accept))
                self.assertEqual(answer["Content-Type"], "image/" + expected.lower())
                self.assertEqual(answer["Vary"], "Accept")
            self.assertEqual(self.picture(f"/{name}?width=50").format, without)

    def test_quality_makes_the_size(self):
        for accept in "image/webp", "*/*":
            sizes = [len(self.server.get(f"/photo.jpg?quality={quality}", Accept=accept).body) for quality in (10, 50, 80, 100)]
            self.assertEqual(sizes, sorted(set(sizes)))
        self.assertEqual(self.server.get("/photo.jpg").body, self.server.get("/photo.jpg?quality=80").body)

    def test_pictures_become_upright(self):
        for n, turn in UPRIGHT.items():
            upright = photo() if turn is None else photo().transpose(turn)
            for format in "jpeg", "png", "webp":
                with self.subTest(f"{n}.{format}"):
                    shown = self.picture(f"/{n}.{format}?quality=95").convert("RGB")
                    self.assertEqual(shown.size, upright.size)
                    self.assertGreater(psnr(shown, upright), 32)
                    self.assertNotIn(ORIENTATION, shown.getexif())

    # The box is that of the upright picture.
    def test_boxes_of_turned_pictures(self):
        self.assertEqual(self.picture("/6.jpeg?width=75").size, (75, 100))
        self.assertEqual(self.picture("/6.jpeg?width=30&height=100&fit=cover").size, (30, 100))

    # Colours that cannot be seen do not show at the edges.
    def test_transparency(self):
        for name in "veiled.png", "veiled.webp":
            shown = self.picture(f"/{name}?width=20")
            self.assertEqual(shown.mode, "RGBA")
            self.assertEqual(shown.getpixel((0, 0))[3], 0)
            self.assertEqual(shown.getpixel((10, 10)), (255, 0, 0, 255))
            for red, green, blue, alpha in shown.getdata():
                if alpha > 8:
                    self.assertEqual((red, green, blue), (255, 0, 0))

    def test_profiles_are_kept(self):
        for name in "profile.jpg", "profile.png", "profile.webp":
            for accept in "image/webp", "*/*":
                self.assertEqual(self.picture(f"/{name}?width=100", Accept=accept).info.get("icc_profile"), PROFILE, name)
        self.assertEqual(self.picture("/large.jpg?width=100").info.get("icc_profile"), LARGE_PROFILE)

    # One that is not of red, green and blue would be wrong for the result.
    def test_other_profiles_are_dropped(self):
        self.assertIsNone(self.picture("/other.jpg?width=100").info.get("icc_profile"))
        self.assertIsNone(self.picture("/photo.jpg?width=100").info.get("icc_profile"))


main()
