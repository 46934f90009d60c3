# Settings: what the file and the command line may say, and what is said of mistakes in them.
# RUN: %web-test %model %s

import os
import subprocess
import time

from support import SERVER, ConfiguredTest, WebTest, main, request

# A settings file, and the messages about it, each behind the file's name.
MISTAKES = [
    ("port = 99999", ["1:8: port takes a number from 0 to 65535, but got 99999"]),
    ('port = "80"', ["1:8: port takes a number from 0 to 65535, but got '80'"]),
    ("port = 80.5", ["1:8: port takes a number from 0 to 65535, but got 80.5"]),
    ("cache = { a = 1 }", ["1:9: cache takes a number from 0 to 1048576, but got a table"]),
    ("\n\nidle-timeout = 0", ["3:16: idle-timeout takes a number from 1 to 86400, but got 0"]),
    ("min-rate = -1", ["1:12: min-rate takes a number from 0 to 1073741824, but got -1"]),
    ("root = 7", ["1:8: root takes the name of a file, but got 7"]),
    ('root = ""', ["1:8: root takes the name of a file, but got ''"]),
    ('address = ["127.0.0.1", 7]', ["1:25: address takes strings, but got 7"]),
    ("address = true", ["1:11: address takes a string or an array of strings, but got true"]),
    ("  prot = 80", ["1:3: unknown key 'prot'; expected one of address, "]),
    ("a = 1\nport = 80\nb = 2", ["1:1: unknown key 'a'", "3:1: unknown key 'b'"]),
    ("port = \n", ["1:8: error while parsing key-value pair: expected value"]),
    ("port = 80\nport = 81", ["2:8: error while parsing key-value pair: cannot redefine existing integer 'port'"]),
]


class Settings(ConfiguredTest):
    OWN = {"files/a.txt": b"x"}

    def test_mistakes(self):
        for text, expected in MISTAKES:
            status, _, messages = self.check(text)
            found = [line for line in messages.splitlines() if line.startswith("web: ")]
            self.assertEqual((status, len(found)), (1, len(expected)), (text, messages))
            for line, start in zip(found, expected):
                self.assertTrue(line.startswith("web: FILE:" + start), (line, start))

    # File names are relative to the file, wherever the server is started.
    def test_right_settings(self):
        text = 'root = "files"\nport = 80\naddress = "::1"\nidle-timeout = 1\n'
        self.assertEqual(self.check(text), (0, "web: the settings are right\n", ""))

    def test_what_cannot_be_opened(self):
        status, _, messages = self.check('root = "nowhere"')
        self.assertEqual(status, 1)
        self.assertIn("/nowhere: No such file or directory", messages)
        done = subprocess.run([SERVER, "--settings=/nowhere"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("web: cannot read /nowhere: No such file or directory\n", done.stderr)

    def test_key_without_certificate(self):
        status, _, messages = self.check('key = "files/key.pem"')
        self.assertEqual(status, 1)
        self.assertIn("web: a key needs a certificate\n", messages)

    # web.toml is what README shows: it is right, and no key is missing.
    def test_example(self):
        example = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "web.toml")
        with open(example) as file:
            text = file.read()
        done = subprocess.run([SERVER, "--settings=" + example, "--check"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        _, _, messages = self.check("unknown = 1")
        for key in messages.split("expected one of ")[1].splitlines()[0].split(", "):
            self.assertRegex(text, rf"(?m)^#? ?\[*{key}\b")

    def test_help(self):
        done = subprocess.run([SERVER, "--help"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0)
        for option in "--settings=", "--check", "--root=", "--min-rate=":
            self.assertIn(option, done.stdout)


class OptionsAreStronger(ConfiguredTest):
    SETTINGS = "port = 1\naddress = ['127.0.0.3', '127.0.0.4']"

    # Numbers, and lists as a whole.
    def test_numbers_and_lists(self):
        self.assertNotEqual(self.server.port, 1)
        self.assertEqual(self.server.get("/a.txt").body, b"0123456789")
        with self.assertRaises(ConnectionRefusedError):
            self.server.connect("127.0.0.3")


class MinimumRate(WebTest):
    OPTIONS = ("--min-rate=100000000", "--send-timeout=1")
    FILES = {"huge.bin": bytes(64 << 20), "index.html": b"hello"}

    # It never takes nothing for the length of the timeout, and loses its connection all the same.
    def test_client_that_takes_too_little(self):
        with self.server.connect(receive_buffer=4096) as client:
            client.send(request("/huge.bin"))
            got = 0
            try:
                while piece := client.socket.recv(2048):
                    got += len(piece)
                    time.sleep(0.01)
            except ConnectionResetError:
                pass
            self.assertLess(got, 64 << 20)
        self.assertEqual(self.server.get("/").body, b"hello")


main()
