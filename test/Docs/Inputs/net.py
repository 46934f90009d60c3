"""Builds the servers of docs/Net.md, talks to them, and compares them with those that fluxc writes.

    net.py PAGE.md FLUXC
"""

import asyncio
import contextlib
import http.client
import pathlib
import re
import shlex
import socket
import subprocess
import sys
import time

import websockets

import pages

MODELS = ["thread", "sped"]


def programs(text):
    """The program and the nodes below each heading that has them."""
    found = {}
    for section in re.split(r"^## ", text, flags=re.M):
        blocks = [re.findall(rf"^```{kind}\n(.*?)^```", section, re.M | re.S) for kind in ("flux", "c")]
        if all(blocks):
            found[section.split("\n")[0].lower()] = [block for (block,) in blocks]
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(program):
    port = free_port()
    process = subprocess.Popen([program, f"127.0.0.1:{port}"])
    try:
        yield port
    finally:
        process.terminate()
        process.wait(60)


def connect(port):
    for _ in range(1000):
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port), timeout=30)
        time.sleep(0.02)
    sys.exit("the server did not start")


def say(client, text, size):
    client.sendall(text)
    return client.recv(size, socket.MSG_WAITALL)


def talk_to_echo(port):
    return say(connect(port), b"hello\r\n", 6), b"hello\n"


def talk_to_chat(port):
    one, two, other = (connect(port) for _ in range(3))
    heard = say(one, b"1\n", 8) + say(two, b"1\n", 8) + say(other, b"2\n", 8)
    heard += say(one, b"hello\n", 6) + two.recv(6, socket.MSG_WAITALL) + say(other, b"alone\n", 6)
    return heard, b"welcome\n" * 3 + b"hello\nhello\nalone\n"


def talk_to_http(port):
    connect(port).close()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("GET", "/world")
    return client.getresponse().read(), b"hello, world\n"


def talk_to_websocket(port):
    async def talk():
        uri = f"ws://127.0.0.1:{port}/"
        async with websockets.connect(uri) as one, websockets.connect(uri, origin=f"http://127.0.0.1:{port}") as two:
            await one.send("hello")
            heard = [await one.recv(), await two.recv()]
        with contextlib.suppress(websockets.InvalidStatusCode):
            await websockets.connect(uri, origin="http://other.example")
            heard.append("another origin is accepted")
        return heard

    connect(port).close()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("GET", "/")
    page = client.getresponse().read()
    client.close()
    return asyncio.run(talk()) + [b"new WebSocket" in page], ["hello", "hello", True]


def certify():
    """Makes the certificate that the page names."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.pem",
                    "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)


def check_http2(text, programs, fluxc):
    """The server of HTTP with the beginning that the section on HTTP/2 has; says what is wrong."""
    program, nodes = programs["http"]
    (beginning,) = re.findall(r"^## HTTP/2\n.*?^```c\n(.*?)^```", text, re.M | re.S)
    includes, start = beginning.split("\n\n", 1)
    nodes = re.sub(r"^int flux_init.*?^}\n", lambda _: start, nodes, flags=re.M | re.S)
    pathlib.Path("http2.flux").write_text(program)
    pathlib.Path("http2.c").write_text(nodes.replace('"http.flux.h"', '"http2.flux.h"').replace("#include <stdio.h>", includes + "\n#include <stdio.h>"))
    certify()
    subprocess.run([*fluxc, "http2.flux", "http2.c", "-o", "http2"], check=True)
    with running("./http2") as port:
        connect(port).close()
        client = ["curl", "-sk", "--http2", "-w", "%{http_version}", f"https://127.0.0.1:{port}/world"]
        heard = subprocess.run(client, capture_output=True).stdout
    return [] if heard == b"hello, world\n2" else [f"HTTP/2: {heard}"]


def main():
    page, fluxc = pathlib.Path(sys.argv[1]).resolve(), shlex.split(sys.argv[2])
    complaints = []
    for name, (program, nodes) in programs(page.read_text()).items():
        files = pathlib.Path(f"{name}.flux"), pathlib.Path(f"{name}.c")
        if name in ("chat", "websocket"):
            for file, content in zip(files, (program, nodes)):
                file.write_text(content)
            if name == "chat" and (lines := (program + nodes).count("\n")) > 40:
                complaints.append(f"{page}: the chat has {lines} lines, more than 40")
        else:
            subprocess.run([*fluxc, "init", "--net", name], check=True, capture_output=True)
            complaints += [f"{page}: {file} is not what 'fluxc init' writes"
                           for file, content in zip(files, (program, nodes)) if file.read_text() != content]
        for model in MODELS:
            subprocess.run([*fluxc, *map(str, files), f"--model={model}", "-o", f"./{name}"], check=True)
            with running(f"./{name}") as port:
                heard, expected = globals()[f"talk_to_{name}"](port)
            if heard != expected:
                complaints.append(f"{page}: the {name} on '{model}' answers {heard} and not {expected}")
    complaints += check_http2(page.read_text(), programs(page.read_text()), fluxc)
    pages.finish(complaints)


main()
