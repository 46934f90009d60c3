"""Certificates with keys of several kinds for one name: each client gets one that it can check."""
import subprocess
import sys
import tempfile

from server import check, running
from tls_server import make_certificate


def shown(server, *options):
    """The name of the certificate that a client sees, None if it does not come to terms with the server."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", *options]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    subjects = [line.split("CN = ")[1] for line in done.stdout.split("\n") if line.startswith("subject=")]
    return subjects[0] if subjects else None


def talked(command):
    """What a client prints that has had an answer, and with it the ticket."""
    lines = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as client:
        client.stdin.write("hello\n")
        client.stdin.flush()
        while line := client.stdout.readline():
            lines.append(line)
            if line == "hello\n":
                client.stdin.close()
    return lines


RSA, ECDSA = "RSA-PSS+SHA256:RSA+SHA256", "ECDSA+SHA256"

with tempfile.TemporaryDirectory() as directory:
    make_certificate(directory, "one", "one.test", "*.one.test")
    make_certificate(directory, "two", "two.test", "*.one.test", "one.test", key="rsa")
    with running(sys.argv[1], "127.0.0.1:0", directory) as server:
        for version in ["-tls1_2", "-tls1_3"]:
            for name in [["-servername", "one.test"], ["-servername", "any.one.test"], ["-noservername"]]:
                check(shown(server, version, *name, "-sigalgs", RSA) == "two", f"{version} {name}: RSA")
                check(shown(server, version, *name, "-sigalgs", ECDSA) == "one", f"{version} {name}: ECDSA")
            # A name that only one of them has.
            check(shown(server, version, "-servername", "two.test", "-sigalgs", RSA) == "two", f"{version}: the other name")
            check(shown(server, version, "-servername", "two.test", "-sigalgs", ECDSA) is None, f"{version}: no certificate for it")

        # Sessions, by the client that comes with OpenSSL.
        for version in ["-tls1_2", "-tls1_3"]:
            session = directory + "/session"
            command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", version]
            for option, said in [("-sess_out", "New, "), ("-sess_in", "Reused, "), ("-sess_in", "Reused, ")]:
                check(any(line.startswith(said) for line in talked([*command, option, session])), f"{version} {option}: {said}")
