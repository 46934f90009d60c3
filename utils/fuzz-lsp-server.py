#!/usr/bin/env python3
"""Opens broken documents in flux-lsp-server and asks it about them.

    fuzz-lsp-server.py [--documents N] [--seed S] SERVER DIRECTORY...

The documents are the .flux files of the directories with random changes. Fails if the server ends, if an answer is no
result, if a range is not inside the document, or if a definition is no name; the document is then in broken.flux.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys

PIECES = [b";", b"{", b"}", b"(", b")", b"[", b"]", b"->", b"=>", b":", b'"', b"/*", b"*/", b"//", b"\n", b"\r", b"\0",
          b"source ", b"constraint ", b"handle error ", b"typedef ", b"blocking ", b'include "x.h";', b"session", b"_",
          b"*", b"?", b"\xef\xbb\xbf", "é🚀".encode()]
URI = "test:///document.flux"


class Server:
    """The server with the protocol around it. None stands for a message where the server has ended."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, method, params, **more):
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        try:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # receiving says so

    def receive(self):
        length = 0
        while line := self.process.stdout.readline():
            if line.startswith(b"Content-Length: "):
                length = int(line.split()[1])
            elif not line.strip() and length:
                return json.loads(self.process.stdout.read(length))
        return None

    def ask(self, method, params):
        self.send(method, params, id=1)
        return self.receive()


class Document:
    """A text with positions counted as the protocol does."""

    def __init__(self, text):
        self.text = text
        self.lines = [line.encode("utf-16-le") for line in
                      text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]

    def holds(self, area):
        start, end = area["start"], area["end"]
        return (0 <= start["line"] <= end["line"] < len(self.lines)
                and end["character"] <= len(self.lines[end["line"]]) // 2)

    def cut(self, area):
        line = self.lines[area["start"]["line"]]
        return line[2 * area["start"]["character"]:2 * area["end"]["character"]].decode("utf-16-le", "replace")


def mutate(choose, corpus):
    data = bytearray(choose.choice(corpus))
    for _ in range(choose.choice([0, 1, 1, 2, 5, 20])):
        place, other = choose.randrange(len(data) + 1), choose.choice(corpus)
        start = choose.randrange(len(other) + 1)
        change = choose.randrange(5)
        if change == 0:
            del data[place:place + choose.randrange(1, 10)]
        elif change == 1:
            del data[place:]
        elif change == 2:
            data[place:place] = choose.choice(PIECES)
        elif change == 3:
            data[place:place] = other[start:start + choose.randrange(80)]
        elif place < len(data):
            data[place] = choose.randrange(256)
    return Document(data.decode("utf-8", "replace"))


def published_error(document, message):
    """What is wrong with the diagnostics of a document; None if nothing is."""
    if message is None:
        return "the server ended"
    for diagnostic in message["params"]["diagnostics"]:
        places = [other["location"] for other in diagnostic.get("relatedInformation", [])]
        areas = [diagnostic["range"]] + [place["range"] for place in places if place["uri"] == URI]
        if not all(document.holds(area) for area in areas):
            return f"a range outside: {diagnostic}"
    return None


def answer_error(document, method, answer):
    if answer is None:
        return "the server ended"
    if "result" not in answer:
        return f"no result: {answer}"
    if method == "definition":
        for place in answer["result"]:
            if place["uri"] == URI and not document.cut(place["range"]).isidentifier():
                return f"a definition that is no name: {place}"
    return None


def try_document(server, choose, document, version):
    """Opens a document and asks six questions at random places; what is wrong, if anything is."""
    item = {"uri": URI, "languageId": "flux", "version": version, "text": document.text}
    server.send("textDocument/didOpen", {"textDocument": item})
    error = published_error(document, server.receive())
    for _ in range(6):
        method = choose.choice(["hover", "definition", "references", "completion", "documentSymbol"])
        line = choose.randrange(len(document.lines) + 1)
        width = len(document.lines[line]) // 2 if line < len(document.lines) else 0
        position = {"line": line, "character": choose.randrange(width + 2)}
        context = {"includeDeclaration": True, "triggerKind": 1}
        params = {"textDocument": {"uri": URI}, "position": position, "context": context}
        error = error or answer_error(document, method, server.ask("textDocument/" + method, params))
    return error


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("server")
    parser.add_argument("directory", nargs="+")
    arguments = parser.parse_args()
    files = sorted(file for directory in arguments.directory for file in pathlib.Path(directory).rglob("*.flux"))
    corpus = [data for data in (file.read_bytes() for file in files) if len(data) < 10000]
    if not corpus:
        sys.exit("no .flux file there")
    choose = random.Random(arguments.seed)
    server = Server(arguments.server)
    if server.ask("initialize", {"capabilities": {}}) is None:
        sys.exit(f"'{arguments.server}' does not start")
    for number in range(arguments.documents):
        document = mutate(choose, corpus)
        error = try_document(server, choose, document, number)
        if error:
            pathlib.Path("broken.flux").write_text(document.text, encoding="utf-8", newline="")
            sys.exit(f"document {number}: {error}")
    server.ask("shutdown", None)
    server.send("exit", None)
    if server.process.wait() != 0:
        sys.exit(f"the server ended with {server.process.returncode}")
    print(f"{arguments.documents} documents, {6 * arguments.documents} questions")


if __name__ == "__main__":
    main()
