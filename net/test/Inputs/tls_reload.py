import os
import ssl
import sys

from server import check, receive
from tls_server import connect, context, make_certificate, running_tls


def shown(client):
    return ssl.DER_cert_to_PEM_cert(client.getpeercert(binary_form=True))


def ask(client, question):
    client.sendall(question + b"\n")
    return receive(client, len(question) + 1) == question + b"\n"


# Certificates are of a process, of which there is one.
with running_tls(sys.argv[1]) as server:
    one, key = (os.path.join(server.directory, name) for name in ("one.pem", "one.key"))
    with open(one, encoding="ascii") as file:
        before = file.read()
    using = context()
    old = connect(server, "one.test", using)
    check(shown(old) == before and ask(old, b"hello"), "the first certificate is shown")
    session = old.session

    # A key that does not belong to it, and no certificate at all: nothing changes.
    make_certificate(server.directory, "three", "three.test")
    os.rename(os.path.join(server.directory, "three.pem"), one)
    old.sendall(b"reload\n")
    check(receive(old, 3) == b"22\n", "what does not fit is refused")
    os.unlink(one)
    old.sendall(b"reload\n")
    check(receive(old, 3) == b"22\n", "what is missing is refused")
    with connect(server, "one.test") as client:
        check(shown(client) == before and ask(client, b"hello"), "the former one remains")

    make_certificate(server.directory, "one", "one.test")
    with open(one, encoding="ascii") as file:
        after = file.read()
    old.sendall(b"reload\n")
    check(receive(old, 2) == b"0\n", "a good one is taken")
    check(ask(old, b"still here"), "connections go on")
    with connect(server, "one.test") as client:
        check(shown(client) == after != before and ask(client, b"hello"), "new clients are shown the new one")
    with connect(server, "one.test", using, session) as client:
        check(ask(client, b"hello") and client.session_reused, "sessions of former clients are known again")
