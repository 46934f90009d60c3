"""Asks clangd, as an editor does, for its view of a source: what it complains of, and of the first place of each word what it shows
there and in which file it is defined.

    clangd.py CLANGD SOURCE [WORD...]
"""

import json
import pathlib
import subprocess
import sys


class Server:
    """A server of the Language Server Protocol."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.requests = 0

    def tell(self, method, **params):
        self.send({"method": method, "params": params})

    def ask(self, method, **params):
        self.requests += 1
        self.send({"id": self.requests, "method": method, "params": params})
        return self.await_message(lambda message: message.get("id") == self.requests and "method" not in message)["result"]

    def send(self, message):
        text = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(text) + text)
        self.process.stdin.flush()

    def await_message(self, wanted):
        while True:
            length = 0
            while (line := self.process.stdout.readline()) != b"\r\n":
                if not line:
                    sys.exit(f"the server has ended with status {self.process.wait()}")
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            message = json.loads(self.process.stdout.read(length))
            if wanted(message):
                return message


def place_of(text, word):
    before = text[: text.index(word)]
    return {"line": before.count("\n"), "character": len(before) - (before.rfind("\n") + 1)}


def main():
    clangd, source, words = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:]
    text, document = source.read_text(), {"uri": source.as_uri()}
    server = Server(clangd, "--background-index=false", "--log=error", "-j=1")
    server.ask("initialize", processId=None, rootUri=None, capabilities={})
    server.tell("initialized")
    language = "c" if source.suffix == ".c" else "cpp"
    server.tell("textDocument/didOpen", textDocument={**document, "languageId": language, "version": 1, "text": text})
    complaints = server.await_message(lambda message: message.get("method") == "textDocument/publishDiagnostics")
    for complaint in complaints["params"]["diagnostics"]:
        print(f"{source.name}:{complaint['range']['start']['line'] + 1}: {complaint['message']}")
    for word in words:
        place = {"textDocument": document, "position": place_of(text, word)}
        shown = server.ask("textDocument/hover", **place)
        print(f"{word}: {' '.join(shown['contents']['value'].split()) if shown else 'nothing'}")
        for found in server.ask("textDocument/definition", **place):
            print(f"{word} is defined in {pathlib.Path(found['uri']).name}:{found['range']['start']['line'] + 1}")
    server.ask("shutdown")
    server.tell("exit")
    server.process.wait()


main()
