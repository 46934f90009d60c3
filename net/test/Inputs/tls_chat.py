import socket
import sys

from server import check, receive
from tls_server import Bare, connect, running_tls

with running_tls(sys.argv[1]) as server:
    plain_port = int(server.process.stdout.readline())

    def join_secretly():
        client = connect(server)
        check(receive(client, 8) == b"TLSv1.3\0", "what is posted to a new client arrives, encrypted")
        return client

    def hears(client, line):
        return receive(client, len(line)) == line

    secret = [join_secretly() for _ in range(3)]
    plain = [socket.create_connection(("127.0.0.1", plain_port), timeout=30) for _ in range(3)]
    for client in plain:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(b"here\n")
        for other in secret:
            check(hears(other, b"here\n"), "TLS hears what is plain")
    # Now all are known; each plain client has heard of itself, and of those before it whatever it was there for.
    plain[0].sendall(b"all\n")
    for client in secret:
        check(hears(client, b"all\n"), "TLS hears what is plain")
    for client in plain:
        heard = b""
        while not heard.endswith(b"all\n"):
            heard += receive(client, 1)
        check(heard.replace(b"here\n", b"") == b"all\n", "plain clients hear each other")
    join_secretly()  # never reads
    shaking = Bare(server)
    line = b"x" * 50000 + b"\n"
    for number in range(200):
        speaker = [secret[0], plain[0]][number % 2]
        speaker.sendall(line)
        for client in secret + plain:
            check(hears(client, line), "all hear all of it")
    shaking.do(shaking.tls.do_handshake)
    greeting = b""
    while len(greeting) < 8:
        greeting += shaking.do(shaking.tls.read, 8 - len(greeting))
    check(greeting == b"TLSv1.3\0", "whose hands are shaken late has heard nothing before")
