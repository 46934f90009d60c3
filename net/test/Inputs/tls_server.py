"""Certificates, and clients of a server with TLS."""
import contextlib
import os
import socket
import ssl
import subprocess
import tempfile
import threading

from server import running


def make_certificate(directory, name, *names, key="ec"):
    """Makes NAME.pem and NAME.key, for these names."""
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if key == "ec" else ["-newkey", "rsa:2048"]
    files = [os.path.join(directory, name + end) for end in (".key", ".pem")]
    alternatives = ",".join("DNS:" + each for each in names)
    subprocess.run(["openssl", "req", "-x509", *kind, "-nodes", "-keyout", files[0], "-out", files[1] + ".new", "-days", "2",
                    "-subj", "/CN=" + name, "-addext", "subjectAltName=" + alternatives], check=True, capture_output=True)
    os.rename(files[1] + ".new", files[1])
    return files[1]


@contextlib.contextmanager
def running_tls(program, *more):
    with tempfile.TemporaryDirectory() as directory:
        make_certificate(directory, "one", "one.test", "any.two.test")
        make_certificate(directory, "two", "two.test", "*.two.test", "any.one.test", key="rsa")
        with running(program, "127.0.0.1:0", directory, *more) as server:
            server.directory = directory
            yield server


def context(protocols=(), version=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # an end must be marked as one
    if protocols:
        made.set_alpn_protocols(list(protocols))
    if version:
        made.minimum_version = made.maximum_version = version
    return made


def connect(server, name=None, using=None, session=None):
    """A client whose end of the bytes is an error unless the server has said that it is the end."""
    client = server.connect()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return (using or context()).wrap_socket(client, server_hostname=name, session=session, suppress_ragged_eofs=False)


class Bare:
    """A client whose bytes can be looked at and cut into pieces."""

    def __init__(self, server, using=None):
        self.socket = server.connect()
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = (using or context()).wrap_bio(self.incoming, self.outgoing)

    def send_pending(self):
        self.socket.sendall(self.outgoing.read())

    def get(self):
        data = self.socket.recv(65536)
        if data:
            self.incoming.write(data)
        else:
            self.incoming.write_eof()

    def do(self, call, *arguments):
        """Does it to its end, with all that has to be sent and received for it."""
        while True:
            try:
                result = call(*arguments)
                self.send_pending()
                return result
            except ssl.SSLWantReadError:
                self.send_pending()
                self.get()

    def finish(self):
        """Says that nothing follows, without waiting for the same of the server."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.unwrap()
        self.send_pending()


class Command:
    """`openssl s_client`, which sends and receives at the same time: two threads must not use one connection of Python's."""

    def __init__(self, server):
        command = ["openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{server.port}"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.sender = None

    def send(self, data):
        """Sends while others go on."""
        self.sender = threading.Thread(target=lambda: (self.process.stdin.write(data), self.process.stdin.flush()))
        self.sender.start()

    def receive(self, size):
        data = self.process.stdout.read(size)
        self.sender.join()
        return data

    def close(self):
        self.process.kill()
        self.process.wait()
