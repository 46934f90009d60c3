# Broken files and such as were made to break servers: an answer that says so, and a server that goes on.
# RUN: %image-test %model %s

import io
import struct
import zlib

from support import ImageTest, encoded, main, photo


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, *chunks):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def jpeg_of_size(width, height):
    """One whose head tells of another size than its data have."""
    data = encoded(photo(), "JPEG")
    at = data.index(b"\xff\xc0")
    return data[:at + 5] + struct.pack(">HH", height, width) + data[at + 9:]


def webp_of_size(width, height):
    data = bytearray(encoded(photo(), "WEBP"))
    data[26:30] = struct.pack("<HH", width, height)
    return bytes(data)


def animated():
    frames = io.BytesIO()
    photo().save(frames, "WEBP", save_all=True, append_images=[photo().rotate(180)])
    return frames.getvalue()


ZEROS = zlib.compress(bytes(3 * 5000 * 5000), 9)
BYTES_OF = {name: encoded(photo(), name) for name in ("JPEG", "PNG", "WEBP")}


class Hostile(ImageTest):
    FILES = {"photo.jpg": BYTES_OF["JPEG"]}
    OPTIONS = ("--max-pixels=4", "--max-file=1")

    def setUp(self):
        self.number = 0  # of its files: what was kept of one is sent for a second

    def answers(self, contents, statuses):
        for content in contents:
            self.number += 1
            name = f"{self.id().rsplit('.', 1)[1]}{self.number}"
            self.server.write(name, content)
            self.assertIn(self.server.get(f"/{name}?width=50&height=37").status, statuses, name)
        self.assertEqual(self.server.get("/photo.jpg?width=40").status, 200)

    def test_no_pictures(self):
        self.answers([b"", b"\xff", b"GIF89a", b"<svg/>", b"RIFF\4\0\0\0WAVE", bytes(1000), b"%PDF-1.4"], [415])

    # Each is refused by its head: of most of these nobody would have the memory.
    def test_too_many_pixels(self):
        self.answers([png(2**31 - 1, 2**31 - 1), png(2**31 - 1, 1)], [422])  # more than the library believes
        self.answers([png(60000, 60000, chunk(b"IDAT", ZEROS)), jpeg_of_size(65500, 65500), jpeg_of_size(2001, 2001),
                      webp_of_size(16383, 16383)], [413])

    def test_bombs(self):
        self.answers([png(5000, 5000, chunk(b"IDAT", ZEROS))], [413])
        # A profile, and a text, of gigabytes when unpacked.
        packed = zlib.compressobj(9)
        flood = b"".join(packed.compress(bytes(1 << 20)) for _ in range(64)) + packed.flush()
        data = chunk(b"IDAT", zlib.compress(bytes(61 * 20)))
        self.answers([png(20, 20, chunk(b"iCCP", b"x\0\0" + flood), data), png(20, 20, chunk(b"zTXt", b"x\0\0" + flood), data)],
                     [200, 422])

    def test_too_many_bytes(self):
        self.answers([BYTES_OF["JPEG"] + bytes(1 << 20)], [413])

    def test_truncated(self):
        for content in BYTES_OF.values():
            self.answers([content[:len(content) * i // 16] for i in range(1, 16)], [415, 422])

    # A part of the pixels is gone. What is behind the last of them nobody needs.
    def test_cut_within_the_last_rows(self):
        self.answers([BYTES_OF["JPEG"][:-100], BYTES_OF["PNG"][:-100], BYTES_OF["WEBP"][:-100]], [422])

    # Every answer is right that tells of the picture or refuses it.
    def test_flipped_bytes(self):
        for content in BYTES_OF.values():
            wrong = []
            for i in range(16):
                data = bytearray(content)
                data[i * 7919 % len(data)] ^= 1 << i % 8
                wrong.append(bytes(data))
            self.answers(wrong, [200, 413, 415, 422])

    def test_moving_pictures(self):
        self.answers([animated()], [415])

    def test_exif_that_leads_nowhere(self):
        loops = b"Exif\0\0II*\0\xff\xff\xff\xff"
        many = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"
        for exif in loops, many, b"Exif\0\0II", b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x63\0\0":
            self.answers([BYTES_OF["JPEG"][:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + BYTES_OF["JPEG"][2:]], [200])

    def test_profile_with_a_part_missing(self):
        part = b"ICC_PROFILE\0\2\2" + bytes(200)
        self.answers([BYTES_OF["JPEG"][:2] + b"\xff\xe2" + struct.pack(">H", len(part) + 2) + part + BYTES_OF["JPEG"][2:]], [200])


main()
