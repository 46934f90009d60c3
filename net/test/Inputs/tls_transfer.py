import sys

from server import check, receive
from tls_server import Bare, Command, connect, running_tls

with running_tls(sys.argv[1]) as server:
    # More than fits into records, and the kernel: both sides send at once.
    line = bytes(range(32, 127)) * 8000 + b"\n"
    for kind in [b"", b"post "]:
        client = Command(server)
        client.send(3 * (kind + line))
        check(client.receive(3 * len(kind + line)) == 3 * (kind + line), "large messages come back whole")
        client.close()

    # A client that does not read for a while, and then does, gets all of it in order.
    slow = [Command(server) for _ in range(4)]
    lines = [b"post " * (number % 2) + b"%d " % number * 60000 + b"\n" for number in range(4)]
    for number, client in enumerate(slow):
        client.send(lines[number])
    client = connect(server)
    for number in range(100):
        text = b"%d\n" % number
        client.sendall(text)
        check(receive(client, len(text)) == text, "others are not kept waiting")
    for number, client in enumerate(slow):
        check(client.receive(len(lines[number])) == lines[number], "what was held for a client that did not read arrives")
        client.close()

    # Files.
    with open(server.directory + "/one.pem", "rb") as file:
        text = file.read()
    client = connect(server)
    client.sendall(b"file\nafter\n")
    check(receive(client, 200 * len(text) + 6) == 200 * text + b"after\n", "a file arrives, and what follows it")

    # What a flow reads for itself: part of it has come with the message, in the same record and in others.
    body = b"x" * 100000
    client = Bare(server)
    client.do(client.tls.do_handshake)
    client.tls.write(b"read\n" + body[:10])
    for begin in range(10, len(body), 9999):
        client.tls.write(body[begin:begin + 9999])
    client.finish()
    answer = b""
    while not answer.endswith(b"\n"):
        answer += client.do(client.tls.read, 100)
    check(answer == b"read 100000\n", "a flow reads up to the end that the client has named, and can still answer")
    check(server.stop().splitlines() == ["read 100000, then 0"], "that was the end")
