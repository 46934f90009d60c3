import sys

from server import check, receive, running, until_end

with running(sys.argv[1], "127.0.0.1:0") as server:
    # Several lines at once, and one in pieces.
    with server.connect() as client:
        client.sendall(b"one\ntwo\r\n\nthr")
        check(receive(client, 9) == b"one\ntwo\n\n", "three lines come back")
        client.sendall(b"ee\n")
        check(receive(client, 6) == b"three\n", "a line in pieces comes back")
    # Many clients, each with its own lines.
    clients = [server.connect() for _ in range(50)]
    for round in range(10):
        for number, client in enumerate(clients):
            client.sendall(f"{number} {round}\n".encode() * 20)
        for number, client in enumerate(clients):
            line = f"{number} {round}\n".encode() * 20
            check(receive(client, len(line)) == line, "lines stay with their client")
    # More than the buffers of the kernel.
    big = b"x" * 60000 + b"\n"
    clients[0].sendall(big)
    check(receive(clients[0], len(big)) == big, "a long line comes back")
    # Too long a line ends its connection only.
    clients[1].sendall(b"x" * 70000)
    check(until_end(clients[1]) == b"", "too long a line is refused")
    # What was sent before the client closed its side is answered.
    clients[2].sendall(b"last\n")
    clients[2].shutdown(1)
    check(until_end(clients[2]) == b"last\n", "a client that has closed its side gets its answer")
    # A line that never ends.
    clients[3].sendall(b"slow")
    check(until_end(clients[3]) == b"", "a line that does not come in time ends its connection")
    clients[4].sendall(b"still here\n")
    check(receive(clients[4], 11) == b"still here\n", "others are served")
