#!/usr/bin/env python3
"""Fuzzes parameters and decoders, under AddressSanitizer and UBSan, from a corpus that it makes.

    fuzz.py [--seconds=N] [--corpus=DIR]        what is found is kept in DIR
"""
# RUN: %python %s --seconds=5

import argparse
import glob
import io
import os
import shutil
import subprocess
import sys
import tempfile

from PIL import Image

EXAMPLE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOP = os.path.join(EXAMPLE, "..", "..")
QUERIES = ["", "width=7", "width=20&height=9&fit=cover&quality=30", "height=3&fit=contain"]
SAVES = [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True})]


def make_corpus(directory):
    """A small picture of every format and mode, with EXIF and without, each with one of the queries."""
    exif = Image.Exif()
    number = 0
    for mode in "RGB", "L", "RGBA", "CMYK", "P":
        for format, options in SAVES:
            exif[0x112] = number % 8 + 1
            file = io.BytesIO()
            try:
                Image.radial_gradient("L").resize((40, 30)).convert("RGB").convert(mode).save(
                    file, format, exif=exif.tobytes() if number % 2 else b"", **options)
            except OSError:
                continue  # the format does not have the mode
            with open(os.path.join(directory, f"{number:02}"), "wb") as seed:
                seed.write(QUERIES[number % len(QUERIES)].encode() + b"\n" + file.getvalue())
            number += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus")
    arguments = parser.parse_args()
    work = tempfile.mkdtemp(prefix="image-fuzz-")
    corpus = arguments.corpus or os.path.join(work, "corpus")
    os.makedirs(corpus, exist_ok=True)
    make_corpus(corpus)
    fuzzer = os.path.join(work, "fuzzer")
    flags = ["-std=c++20", "-O1", "-g", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all"]
    includes = ["-I", EXAMPLE, "-I", f"{TOP}/net/include", "-I", f"{TOP}/runtime/include"]
    sources = [f"{EXAMPLE}/test/Inputs/fuzzer.cpp", f"{EXAMPLE}/request/parameters.cpp", *glob.glob(EXAMPLE + "/pictures/*.cpp")]
    libraries = ["-lturbojpeg", "-lspng", "-lwebp", "-lwebpdemux", "-lwebpmux"]
    try:
        subprocess.run(["clang++-22", *flags, *includes, *sources, *libraries, "-o", fuzzer], check=True)
        command = [fuzzer, f"-max_total_time={arguments.seconds}", "-timeout=60", "-rss_limit_mb=2048", "-max_len=20000",
                   "-print_final_stats=1", f"-artifact_prefix={corpus}/", corpus]
        sys.exit(subprocess.run(command).returncode)
    finally:
        shutil.rmtree(work)


main()
