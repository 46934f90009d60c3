"""curl, nghttp and h2load."""
import os
import re
import subprocess
import sys
import tempfile

from http2_client import running_http2
from server import check


def run(*command):
    done = subprocess.run(command, capture_output=True, timeout=100)
    check(done.returncode == 0, f"{command}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


with running_http2(sys.argv[1]) as server, tempfile.NamedTemporaryFile() as upload:
    address = f"https://127.0.0.1:{server.port}"
    curl = ["curl", "-sk", "-w", " %{http_version} %{http_code}", "--max-time", "60"]
    check(run(*curl, "--http2", address + "/memory?5") == b"abcde 2 200", "curl")
    check(run(*curl, "--http1.1", address + "/memory?5") == b"abcde 1.1 200", "one that speaks HTTP/1")
    check(run(*curl, "-I", address + "/memory?5").endswith(b" 2 200"), "HEAD")
    upload.write(os.urandom(1_000_000))
    upload.flush()
    check(run(*curl, "-T", upload.name, address + "/count") == b"1000000 2 200", "an upload")
    check(run(*curl, "-H", "Expect: 100-continue", "-T", upload.name, address + "/count") == b"1000000 2 200", "with its leave")
    urls = [f"{address}/file?{size}" for size in (10, 1000, 100000, 1000000)]
    check(len(run("nghttp", "-n", "-s", "--no-verify-peer", *urls)) > 0, "nghttp")
    check(len(run("nghttp", "--no-verify-peer", *urls)) == 1101010, "with what it gets")
    for path, streams in ("/memory?1000", 10), ("/file?20000", 50), ("/stream?1", 4):
        told = run("h2load", "-n", "300" if streams > 4 else "12", "-c", "4", "-m", str(streams), address + path).decode()
        found = re.search(r"(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", told)
        check(found and found.group(1) in ("300", "12") and found.groups()[1:] == ("0", "0", "0"), f"h2load {path}: {told}")
