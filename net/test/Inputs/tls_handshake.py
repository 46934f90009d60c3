import ssl
import subprocess
import sys
import warnings

from server import check, receive, until_end
from tls_server import Bare, connect, context, running_tls

warnings.simplefilter("ignore", DeprecationWarning)  # of the version that is refused


def ask(client, question):
    client.sendall(question + b"\n")
    answer = b""
    while not answer.endswith(b"\n"):
        answer += receive(client, 1)
    return answer[:-1].decode()


def refused(server, using, name=None):
    try:
        with connect(server, name, using) as client:
            ask(client, b"who")
    except (ssl.SSLError, ConnectionError) as error:
        return str(error)
    sys.exit("a handshake should have been refused")


def name_of(client):
    """The first name of the certificate that the client has been shown."""
    shown = ssl.DER_cert_to_PEM_cert(client.getpeercert(binary_form=True))
    text = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName"], input=shown, capture_output=True, text=True)
    return text.stdout.split("DNS:")[1].split(",")[0].strip()


def begin_two(server):
    """Begins handshakes: one without a byte, and one up to the middle of the client's first record."""
    half = Bare(server)
    try:
        half.tls.do_handshake()
    except ssl.SSLWantReadError:
        half.socket.sendall(half.outgoing.read()[:20])
    return server.connect(), half.socket


with running_tls(sys.argv[1]) as server:
    # Versions.
    for version, text in [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")]:
        with connect(server, using=context(version=version)) as client:
            check(ask(client, b"who") == f"{text} '' ''", f"{text} is spoken")
    old = context(version=ssl.TLSVersion.TLSv1_1)
    old.set_ciphers("ALL@SECLEVEL=0")
    check("PROTOCOL_VERSION" in refused(server, old), "TLS 1.1 is refused, and the client told why")

    # Names: the very one before one with a wildcard, and the first certificate for any other.
    for name, first in [("one.test", "one.test"), ("two.test", "two.test"), ("x.two.test", "two.test"), ("TWO.test", "two.test"),
                        ("any.two.test", "one.test"), ("any.one.test", "two.test"), ("else.test", "one.test"), (None, "one.test")]:
        with connect(server, name) as client:
            check(name_of(client) == first, f"who asks for {name} is shown {first}")
            check(ask(client, b"who").split()[1].lower() == f"'{(name or '').lower()}'", f"the server knows that {name} was asked for")

    # Protocols: the server's order counts.
    for offered, chosen in [(["other", "echo"], "echo"), (["new", "other"], "other"), ([], "")]:
        with connect(server, using=context(offered)) as client:
            check(ask(client, b"who").endswith(f"'{chosen}'"), f"of {offered}, '{chosen}' is chosen")
            check((client.selected_alpn_protocol() or "") == chosen, "the client is told so")
    answer = refused(server, context(["new"]))
    check("no application protocol" in answer.lower(), f"other protocols are refused, and the client told why: {answer}")

    # No TLS at all.
    for text in [b"GET / HTTP/1.1\r\nHost: one.test\r\n\r\n", b"hello\n", b"\x00" * 100]:
        with server.connect() as client:
            client.sendall(text)
            check(b"hello" not in until_end(client), "who does not speak TLS gets no answer")

    # Byte by byte, and messages with them.
    client = Bare(server)
    while True:
        try:
            client.tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            for byte in client.outgoing.read():
                client.socket.send(bytes([byte]))
            client.get()
    client.tls.write(b"slow\nslower\n")
    for byte in client.outgoing.read():
        client.socket.send(bytes([byte]))
    answer = b""
    while len(answer) < 12:
        answer += client.do(client.tls.read, 100)
    check(answer == b"slow\nslower\n", "records in pieces are put together")

    # The rest of a handshake that is sent together with the first message, and several messages in one record.
    client = Bare(server)
    client.do(client.tls.do_handshake)
    client.tls.write(b"a\nb\n")
    client.tls.write(b"c\n")
    client.send_pending()
    answer = b""
    while len(answer) < 6:
        answer += client.do(client.tls.read, 100)
    check(answer == b"a\nb\nc\n", "messages that come together are all answered")

    # Handshakes that nobody goes on with are in nobody's way.
    waiting = begin_two(server)
    clients = [connect(server) for _ in range(30)]
    for number, client in enumerate(clients):
        check(ask(client, b"number %d" % number) == f"number {number}", "others are served")

    # Sessions go on where they were left, in whichever process.
    for version in [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
        using = context(version=version)
        with connect(server, using=using) as client:
            ask(client, b"first")
            session = client.session
        for _ in range(4):
            with connect(server, using=using, session=session) as client:
                check(ask(client, b"again") == "again" and client.session_reused, "a session is known again")
                session = client.session

    # Other clients.
    curl = subprocess.run(["curl", "-sS", "--noproxy", "*", "--http1.0", "--no-alpn", "--cacert", server.directory + "/two.pem",
                           "--resolve", f"any.one.test:{server.port}:127.0.0.1", f"https://any.one.test:{server.port}/"],
                          capture_output=True, text=True, timeout=60)
    check(curl.stdout == "hello" and curl.returncode == 0, f"curl trusts the server and hears it: {curl.stdout} {curl.stderr}")
    s_client = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}"]
    for version, commands in [("-tls1_3", ["K", "hello", "k", "more"]), ("-tls1_2", ["hello", "more"])]:
        with subprocess.Popen([*s_client, version], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True) as client:
            for command in commands:
                client.stdin.write(command + "\n")
                client.stdin.flush()
                wanted = "KEYUPDATE" if command in ("K", "k") else command
                while client.stdout.readline() != wanted + "\n":
                    check(client.poll() is None, f"'{wanted}' comes back from {version}, new keys or not")
            client.stdin.close()
            client.stdout.read()
    renegotiating = subprocess.run([*s_client, "-tls1_2"], input="R\n", capture_output=True, text=True, timeout=60)
    check("no renegotiation" in renegotiating.stderr, "renegotiation is refused")

# Nor are they waited for for ever.
with running_tls(sys.argv[1], "500") as server:
    for waiting in begin_two(server):
        try:
            check(until_end(waiting) == b"", "a handshake that does not go on is ended")
        except ConnectionResetError:
            pass
