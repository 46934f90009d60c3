"""Builds the server of the tutorial from the page itself and talks to it.

    tutorial.py PAGE DIRECTORY FLUXC MODEL
"""

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
        with open("kv.c", "w") as file:
            file.write("".join(code[: step + 1]))
        subprocess.run([*fluxc, "kv.flux", "kv.c", "-Wall", f"--model={model}", "-o", "kv"], check=True)
    server = subprocess.Popen(["./kv"], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline().split()[-1])
        for line in ["set colour blue", "get colour", "get size", "hello"]:
            print(f"{line}: {ask(port, line)}", end="")
        server.send_signal(signal.SIGTERM)
        print("status", server.wait(20))
    finally:
        server.kill()


main()
