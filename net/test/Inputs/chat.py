import sys

from server import check, receive, running

with running(sys.argv[1], "127.0.0.1:0") as server:
    def join(room):
        client = server.connect()
        client.sendall(f"{room}\n".encode())
        check(receive(client, 8) == b"welcome\n", "a room can be joined")
        return client

    one, two, other = join(1), join(1), join(2)
    one.sendall(b"hello\n")
    check(receive(one, 6) == b"hello\n" and receive(two, 6) == b"hello\n", "a room hears what is said in it")
    other.sendall(b"elsewhere\n")
    check(receive(other, 10) == b"elsewhere\n", "another room has its own")
    # One who never reads, among those who do.
    join(1)
    line = b"x" * 50000 + b"\n"
    for _ in range(400):
        one.sendall(line)
        check(receive(one, len(line)) == line and receive(two, len(line)) == line, "others hear all of it")
    other.sendall(b"still alone\n")
    check(receive(other, 12) == b"still alone\n", "the other room has heard nothing of that")
