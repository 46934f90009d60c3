"""What the tests of the image server share: a server process on a free port, and pictures.

The server under test is named by the environment variable IMAGE_SERVER.
"""

import http.client
import io
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from PIL import Image, ImageChops, ImageStat

SANITIZED = bool(os.environ.get("IMAGE_SANITIZED"))
DEADLINE = 120 if SANITIZED else 60  # seconds after which something that must happen counts as not happening

# A machine with other things to do may take long over the last answers, and on one loop a picture holds up everything.
ENVIRONMENT = {"FLUX_DRAIN_MS": "600000", "FLUX_STALL_MS": "0"}


def eventually(value, what):
    """Waits until value() is true, and returns it; what it is waiting for stands in the failure."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if found := value():
            return found
        time.sleep(0.02)
    raise AssertionError(f"did not happen within {DEADLINE} s: {what}")


def photo(width=200, height=150):
    """A picture with colours, edges and smooth parts, as high as wide it may be."""
    noise = Image.frombytes("L", (16, 12), bytes(i * 37 % 251 for i in range(192))).resize((width, height), Image.BICUBIC)
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (noise, across, down))


def encoded(picture, format, **options):
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def psnr(one, other):
    """In decibels; infinite if they are the same."""
    squares = ImageStat.Stat(ImageChops.difference(one, other)).sum2
    mean = sum(squares) / (len(squares) * one.width * one.height)
    return 10 * math.log10(255 * 255 / mean) if mean else math.inf


class Answer:
    def __init__(self, response):
        self.status, self.body, self.fields = response.status, response.read(), response.headers

    def __getitem__(self, name):
        return self.fields[name]

    def picture(self):
        picture = Image.open(io.BytesIO(self.body))
        picture.load()
        return picture


class Server:
    """A running image server over a directory of its own."""

    def __init__(self, files, options=()):
        self.root = tempfile.mkdtemp(prefix="image-test-")
        self.snapshot_file = os.path.join(self.root, ".snapshot")
        for name, content in files.items():
            self.write(name, content)
        command = [os.environ["IMAGE_SERVER"], "--port=0", "--address=127.0.0.1", "--root=" + self.root, *options]
        environment = {**os.environ, **ENVIRONMENT, "FLUX_SNAPSHOT": self.snapshot_file}
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, env=environment)
        line = self.process.stdout.readline().decode()
        if not line.startswith("serving "):
            self.process.wait(DEADLINE)
            raise AssertionError(f"the server did not start: {line!r} {self.messages()!r}")
        self.port = int(line.rstrip("/\n").rsplit(":", 1)[1])

    def write(self, name, content):
        with open(os.path.join(self.root, name), "wb") as file:
            file.write(content)

    def get(self, target, method="GET", **fields):
        """One request on a connection of its own. In the names of fields, _ stands for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        try:
            connection.request(method, target, headers={name.replace("_", "-"): value for name, value in fields.items()})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def snapshot(self):
        if os.path.exists(self.snapshot_file):
            os.remove(self.snapshot_file)
        self.process.send_signal(signal.SIGUSR1)

        def read():
            try:
                with open(self.snapshot_file) as file:
                    return json.load(file)
            except (FileNotFoundError, json.JSONDecodeError):
                return None  # not yet, or not all of it

        return eventually(read, "the snapshot is written")

    def calls(self, node):
        return next(function["calls"] for function in self.snapshot()["functions"] if function["name"] == node)

    def messages(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self):
        """Ends the server and returns its exit status and what it wrote to standard error."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = "killed after it ignored SIGTERM"
        messages = self.messages()
        self.process.stdout.close()
        self.log.close()
        shutil.rmtree(self.root)
        return status, messages


class ImageTest(unittest.TestCase):
    """A test case with one server for all its tests, which must end well: status 0 and nothing on standard error."""

    FILES = {}
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.FILES, cls.OPTIONS)

    @classmethod
    def tearDownClass(cls):
        status, messages = cls.server.stop()
        if status != 0 or messages:
            raise AssertionError(f"the server ended with status {status}: {messages}")

    def picture(self, target, **fields):
        answer = self.server.get(target, **fields)
        self.assertEqual(answer.status, 200, answer.body[:200])
        return answer.picture()


def main():
    unittest.main(verbosity=2, argv=sys.argv[:1], warnings="ignore")
