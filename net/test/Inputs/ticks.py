import socket
import sys

from server import check, running

with running(sys.argv[1], "127.0.0.1:0") as server:
    players = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(10)]
    for number, player in enumerate(players):
        player.settimeout(30)
        player.sendto(f"hello {number}".encode(), ("127.0.0.1", server.port))
    for number, player in enumerate(players):
        heard = [player.recv(100)]
        while heard[-1] != f"hello {number}".encode():
            heard.append(player.recv(100))
        ticks = [int(player.recv(100)) for _ in range(5)]
        check(len(set(ticks)) == 5 and min(ticks) > 0, "every tick comes once")  # flows may overtake each other
