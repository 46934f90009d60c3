"""Builds the server of the tutorial from the page itself and talks to it.

    tutorial.py PAGE DIRECTORY FLUXC MODEL
"""

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import sys


def ask(port, line):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(line.encode() + b"\n")
        return client.makefile().read()


def replaced(code, others):
    """The code with `others`, a function of which takes the place of one of the same name."""
    for name in re.findall(r"^\w[^\n;={]* \**(\w+)\(", others, re.M):
        code = re.sub(rf"^\w[^\n;={{]* \**{name}\([^\n]*{{\n.*?^}}\n", "", code, flags=re.M | re.S)
    return code + others


def build(fluxc, model, code):
    with open("kv.c", "w") as file:
        file.write(code)
    subprocess.run([*fluxc, "kv.flux", "kv.c", "-Wall", f"--model={model}", "-o", "kv"], check=True)


@contextlib.contextmanager
def running():
    """The port of a server, whose exit status is printed."""
    server = subprocess.Popen(["./kv"], stdout=subprocess.PIPE, text=True)
    try:
        yield int(server.stdout.readline().split()[-1])
        server.send_signal(signal.SIGTERM)
        print("status", server.wait(20))
    finally:
        server.kill()


def main():
    page, directory, fluxc, model = sys.argv[1:]
    fluxc = shlex.split(fluxc)
    with open(page) as file:
        text = file.read()
    steps = re.findall(r"^```flux\n(.*?)^```", text, re.M | re.S)
    code = re.findall(r"^```c\n(.*?)^```", text, re.M | re.S)
    os.makedirs(directory, exist_ok=True)
    os.chdir(directory)
    # Each step is a program, and the code of a step is enough for it; the last is the whole.
    for step in range(len(steps)):
        with open("kv.flux", "w") as file:
            file.write(steps[step])
        build(fluxc, model, "".join(code[: step + 1]))
    lines = ["set colour blue", "get colour", "get size", "hello"]
    with running() as port:
        for line in lines:
            print(f"{line}: {ask(port, line)}", end="")

    (others,) = re.findall(r"^```c instead\n(.*?)^```", text, re.M | re.S)
    build(fluxc, model, replaced("".join(code), others))
    with running() as port, socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        answers = client.makefile()
        for line in lines:
            client.sendall(line.encode() + b"\n")
            print(f"{line}: {answers.readline()}", end="")


main()
