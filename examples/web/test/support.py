"""What the tests of the web server share: a server process on a free port, and a client that sees every byte.

The server under test is named by the environment variable WEB_SERVER.
"""

import collections
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import processes

SERVER = os.environ["WEB_SERVER"]
SANITIZED = bool(os.environ.get("WEB_SANITIZED"))
DEADLINE = 60 if SANITIZED else 30  # seconds after which something that must happen counts as not happening

# A machine with other things to do may take long over the last answers, and hold up an event loop by itself.
PATIENCE = {"FLUX_DRAIN_MS": "600000", "FLUX_STALL_MS": "0"}


def eventually(condition, what):
    """Waits until condition() is true; what it is waiting for stands in the failure."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"did not happen within {DEADLINE} s: {what}")


class Server:
    """A running web server over a directory of its own. `log` is where its messages go, if not to messages()."""

    def __init__(self, files=None, options=(), descriptors=None, address="127.0.0.1", environment=None,
                 log=None):
        self.root = tempfile.mkdtemp(prefix="web-test-")
        for name, content in (files or {}).items():
            self.write(name, content)
        command = [SERVER, "--port=0", "--root=" + self.root, *options]
        if address:
            command.append("--address=" + address)
        if descriptors:
            command = ["sh", "-c", f'ulimit -n {descriptors}; exec "$0" "$@"', *command]
        self.log = tempfile.TemporaryFile()
        self.terminated = False
        variables = {**os.environ, **PATIENCE, **(environment or {})}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log or self.log, env=variables)
        self.line = self.process.stdout.readline().decode()
        if not self.line.startswith("serving "):
            self.process.wait(DEADLINE)
            raise AssertionError(f"the server did not start: {self.line!r} {self.messages()!r}")
        self.address = address or "127.0.0.1"
        # Set where the model has several processes; a test may want another number of them.
        self.workers = int(os.environ.get("FLUX_WORKERS", 0)) and int(variables["FLUX_WORKERS"])
        eventually(lambda: not self.workers or self.waiting_workers() == self.workers, "all workers wait for clients")
        self.port = int(self.line.rstrip("/\n").rsplit(":", 1)[1])

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)

    def path(self, name):
        return os.path.join(self.root, name)

    def url(self, path="/"):
        return f"http://{self.address}:{self.port}{path}"

    def connect(self, address=None, receive_buffer=None):
        return Client(address or self.address, self.port, receive_buffer)

    def get(self, path, *headers, method="GET"):
        """One request on a connection of its own."""
        with self.connect() as client:
            client.send(request(path, *headers, method=method))
            return client.response(head=method == "HEAD")

    def messages(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def pids(self):
        return processes.tree(self.process.pid)

    def memory_kb(self):
        return processes.memory_kb(self.process.pid)

    def cpu_seconds(self):
        return processes.cpu_seconds(self.process.pid)

    def waiting_workers(self):
        """How many processes beside the first have all descriptors that they will have without a client."""
        count = 0
        for pid in self.pids():
            try:
                links = [os.readlink(entry.path) for entry in os.scandir(f"/proc/{pid}/fd")]
            except FileNotFoundError:
                continue  # closed since
            own = links.count("anon_inode:[eventpoll]"), links.count("anon_inode:[eventfd]")
            count += pid != self.process.pid and own == (1, 3)
        return count

    def open_files(self):
        """What the server's descriptors refer to, and how many there are for each; all sockets are "socket"."""
        found = collections.Counter()
        for pid in self.pids():
            directory = f"/proc/{pid}/fd"
            for descriptor in os.listdir(directory):
                try:
                    found[os.readlink(f"{directory}/{descriptor}").split(":[")[0]] += 1
                except FileNotFoundError:
                    pass  # closed since
        return found

    def connections(self):
        """How many connections of clients the server has open."""
        listening = "0A"
        with open("/proc/net/tcp") as table:
            sockets = [line.split() for line in list(table)[1:]]
        return sum(local.endswith(f":{self.port:04X}") and state != listening and inode != "0"
                   for _, local, _, state, _, _, _, _, _, inode, *_ in sockets)

    def terminate(self):
        """Asks the server to end, once: a second signal would end it at once."""
        if not self.terminated and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.terminated = True

    def stop(self):
        """Ends the server and returns its exit status and what it wrote to standard error."""
        self.terminate()
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


def request(path, *headers, method="GET", version="1.1", host="Host: test"):
    lines = [f"{method} {path} HTTP/{version}", *([host] if host else []), *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


class Response:
    def __init__(self, status, version, headers, body):
        self.status, self.version, self.headers, self.body = status, version, headers, body

    def __getitem__(self, name):
        return self.headers.get(name.lower())


class Client:
    """A connection. Reads exactly what a response declares, so that pipelined answers stay apart."""

    def __init__(self, address, port, receive_buffer=None):
        self.socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.socket.settimeout(DEADLINE)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect((address, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()

    def close(self):
        self.input.close()
        self.socket.close()

    def reset(self):
        """Closes with a TCP reset instead of an orderly end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.close()

    def send(self, data):
        self.socket.sendall(data)

    def get(self, path, *headers, method="GET", version="1.1"):
        self.send(request(path, *headers, method=method, version=version))
        return self.response(head=method == "HEAD")

    def response(self, head=False):
        line = self.input.readline()
        if not line:
            raise EOFError("the connection was closed before a response")
        version, status, _ = line.decode("latin-1").split(" ", 2)
        headers = {}
        while (line := self.input.readline()) not in (b"\r\n", b""):
            name, value = line.decode("latin-1").rstrip("\r\n").split(": ", 1)
            assert name.lower() not in headers, f"header {name} twice"
            headers[name.lower()] = value
        length = 0 if head or status == "304" else int(headers["content-length"])
        body = self.input.read(length)
        if len(body) != length:
            raise EOFError(f"the connection was closed after {len(body)} of {length} bytes of body")
        return Response(int(status), version, headers, body)

    def at_end(self):
        """Waits for the server to close; false if it sends something instead. A reset is an end, too."""
        try:
            return self.input.read(1) == b""
        except ConnectionResetError:
            return True


class WebTest(unittest.TestCase):
    """A test case with one server for all its tests, which must end well: status 0 and nothing on standard error."""

    FILES = {"index.html": b"<p>hello</p>\n", "a.txt": b"0123456789", "big.bin": bytes(range(256)) * 1024}
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.FILES, cls.OPTIONS)

    @classmethod
    def tearDownClass(cls):
        status, messages = cls.server.stop()
        if status != 0 or messages:
            raise AssertionError(f"the server ended with status {status}: {messages}")


class ConfiguredTest(WebTest):
    """The same with a settings file, beside which the files OWN lie."""

    SETTINGS = ""
    OWN = {}

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix="web-settings-")
        cls.addClassCleanup(directory.cleanup)
        cls.directory = directory.name
        os.chmod(cls.directory, 0o755)
        for name, content in cls.OWN.items():
            cls.own(name, content)
        cls.settings = cls.own("web.toml", cls.SETTINGS.encode())
        cls.server = Server(cls.FILES, ["--settings=" + cls.settings, *cls.OPTIONS])

    @classmethod
    def own(cls, name, content):
        """Writes a file beside the settings, and returns where it is."""
        path = os.path.join(cls.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def check(self, text, *options):
        """Exit status, standard output and standard error of a server that only looks at a settings file."""
        name = self.own("other.toml", text.encode())
        done = subprocess.run([SERVER, "--settings=" + name, "--check", *options], capture_output=True, text=True, timeout=DEADLINE)
        return done.returncode, done.stdout, done.stderr.replace(name, "FILE")


def main():
    unittest.main(verbosity=2, argv=sys.argv[:1], warnings="ignore")
