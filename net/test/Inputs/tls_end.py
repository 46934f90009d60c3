import socket
import ssl
import sys
import threading

from server import check, receive, until_end
from tls_server import Bare, connect, context, running_tls

with running_tls(sys.argv[1]) as server:
    # Closing says so in TLS, even while the client is still sending; without that, the client's library would complain.
    client = connect(server)
    client.sendall(b"close\n" + b"unread\n" * 100)
    check(until_end(client) == b"close\n", "the answer before the end arrives, and the end is marked")

    # Not so when the connection is aborted.
    client = connect(server)
    client.sendall(b"abort\n")
    try:
        until_end(client)
        sys.exit("an aborted connection must not look as if it had ended")
    except (ssl.SSLError, ConnectionError):
        pass

    # What was asked before the client's end is answered.
    client = Bare(server)
    client.do(client.tls.do_handshake)
    client.tls.write(b"last\n")
    client.finish()
    check(client.do(client.tls.read, 100) == b"last\n", "a client that has said that it is finished gets its answer")

    # Nor is it an end if the client is cut off.
    client = Bare(server)
    client.do(client.tls.do_handshake)
    client.tls.write(b"read\nthe beginning")
    client.send_pending()
    client.socket.shutdown(socket.SHUT_WR)
    until_end(client.socket)

    # A record that nobody has encrypted.
    client = Bare(server)
    client.do(client.tls.do_handshake)
    client.socket.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)
    try:
        while data := client.socket.recv(1000):
            client.incoming.write(data)
        client.tls.read(100)
        sys.exit("a forged record is refused")
    except (ssl.SSLError, ConnectionError):
        pass

    # The server is told to stop among clients that ask and wait for answers: none sees anything but answers and a marked end.
    faults = []

    def keep_asking(client):
        try:
            while True:
                client.sendall(b"question" * 100 + b"\n")
                answer = receive(client, 801)
                if not answer:
                    return
                if answer != b"question" * 100 + b"\n":
                    faults.append(f"{len(answer)} bytes of an answer")
                    return
        except BrokenPipeError:
            pass  # the question came too late
        except ConnectionResetError as error:
            faults.append(error)
        except ssl.SSLError as error:
            faults.append(error)

    clients = [connect(server) for _ in range(20)]
    idle = [connect(server) for _ in range(5)]
    shaking = Bare(server)
    unheard = server.connect()
    askers = [threading.Thread(target=keep_asking, args=(client,)) for client in clients]
    for asker in askers:
        asker.start()
    for client in idle:
        client.sendall(b"hello\n")
        check(receive(client, 6) == b"hello\n", "there are idle clients")
    said = server.stop()
    for asker in askers:
        asker.join()
    check(not faults, f"stopping breaks nothing off: {faults}")
    for client in idle:
        check(until_end(client) == b"", "idle clients are told of the end")
    check("read 13, then -104" in said, "a flow learns that its client was cut off")
