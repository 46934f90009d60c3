"""Runs a server for a test and connects to it."""
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time


class Server:
    def __init__(self, program, *arguments, limit=60):
        emulator = os.environ.get("FLUX_EMULATOR", "").split()
        self.process = subprocess.Popen([*emulator, program, *arguments], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.limit = limit

    def connect(self, **options):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=30, **options)
        return client

    def stop(self):
        """Ends the server as its operator does, and returns what it has printed since."""
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=self.limit)
        if self.process.returncode != 0:
            sys.exit(f"the server ended with {self.process.returncode}")
        return rest


@contextlib.contextmanager
def running(program, *arguments):
    server = Server(program, *arguments)
    try:
        yield server
        server.stop()
    finally:
        server.process.kill()
        server.process.wait()


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


def receive(client, size):
    data = b""
    while len(data) < size:
        part = client.recv(size - len(data))
        if not part:
            break
        data += part
    return data


def until_end(client):
    data = b""
    while part := client.recv(65536):
        data += part
    return data


def eventually(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, what)
        time.sleep(0.01)
