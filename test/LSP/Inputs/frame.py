"""Puts the header of the protocol before each message of a file where lines of `// -----` stand between them."""
import sys

for message in sys.stdin.read().split("// -----\n"):
    body = "".join(line for line in message.splitlines() if not line.startswith("//")).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
