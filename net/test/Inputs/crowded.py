import select
import sys

from server import check, receive, running


def served(clients, seconds):
    """Which of the clients have got something, after so long without news."""
    ready = set()
    while fresh := set(select.select([c for c in clients if c not in ready], [], [], seconds)[0]):
        ready |= fresh
    return [client for client in clients if client in ready]


with running(sys.argv[1], "127.0.0.1:0", "64") as server:
    waiting = [server.connect() for _ in range(120)]
    for client in waiting:
        client.sendall(b"hello\n")
    while waiting:
        lucky = served(waiting, 2)
        check(lucky, "somebody is served")
        for client in lucky:
            check(receive(client, 6) == b"hello\n", "with an answer of its own")
            client.close()
        waiting = [client for client in waiting if client not in lucky]

with running(sys.argv[1], "127.0.0.1:0") as server:
    def speaks(client):
        try:
            client.sendall(b"hello\n")
            return receive(client, 6) == b"hello\n"
        except ConnectionError:
            return False

    three = [server.connect() for _ in range(3)]
    check(all(speaks(client) for client in three), "three clients of one address are served")
    check(not speaks(server.connect()), "a fourth is turned away")
    three.pop().close()
    while not speaks(server.connect()):
        pass
