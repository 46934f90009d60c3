# Raw requests and the exact answers to them, from the table Inputs/raw-requests.txt, whose head says what its lines mean.
# RUN: %web-test %model %s
#
# A second opinion: `raw.py nginx` and `raw.py lighttpd` print where those differ from the table.

import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

OTHERS = {
    "nginx": """daemon off; worker_processes 1; pid {root}/../nginx.pid; error_log /dev/null;
events {{ worker_connections 64; }}
http {{ access_log off; default_type application/octet-stream; types {{ text/plain txt; text/html html; }}
server {{ listen 127.0.0.1:{port}; root {root}; keepalive_requests 100000; }} }}
""",
    "lighttpd": """server.document-root = "{root}"
server.bind = "127.0.0.1"
server.port = {port}
server.max-keep-alive-requests = 1000
index-file.names = ("index.html")
mimetype.assign = (".html" => "text/html", ".txt" => "text/plain")
""",
}
FILES = {"index.html": b"<p>hello</p>\n", "a.txt": b"0123456789", "a b.txt": b"spaced", "dir/index.html": b"dir",
         "probe": b"the connection lives"}
MODIFIED = 1_000_000_000
DATES = {"DATE": "Sun, 09 Sep 2001 01:46:40 GMT", "EARLIER": "Sun, 09 Sep 2001 01:46:39 GMT",
         "LATER": "Sun, 09 Sep 2001 01:46:41 GMT"}
PROBE = b"GET /probe HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
PATIENCE = 20


class Row:
    """A line of the table, under the template that stands before it."""

    def __init__(self, number, template, line):
        request, answers = line.rsplit(" => ", 1)
        self.number, self.text = number, line
        request = template.replace("{}", request.replace("<empty>", ""))
        *answers, self.state = re.findall(r'(?:[^\s"]|"[^"]*")+', answers)
        self.request, self.answers = request, []
        for word in answers:
            if re.fullmatch(r"\d{3}(\|\d{3})*", word):
                self.answers.append((word.split("|"), []))
            else:
                self.answers[-1][1].append(word)
        assert self.state in ("open", "closed", "any"), line

    def bytes(self, names):
        text = re.sub(r"\$([A-Z]+)", lambda match: names[match.group(1)], self.request)
        text = re.sub(r"\*(\d+)\((.*?)\)", lambda match: match.group(2) * int(match.group(1)), text)
        return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def read_table(path):
    rows, template = [], "{}"
    for number, line in enumerate(pathlib.Path(path).read_text().splitlines(), 1):
        line = line.split("  # ")[0].rstrip()
        if line.startswith("@ "):
            template = line[2:]
        elif line and not line.startswith("#"):
            rows.append(Row(number, template, line))
    return rows


class Stream:
    """What the server sends."""

    def __init__(self, connection):
        self.connection, self.data, self.ended = connection, b"", False

    def more(self):
        try:
            piece = self.connection.recv(65536)
        except ConnectionResetError:
            piece = b""
        self.data += piece
        self.ended = not piece
        return not self.ended

    def take(self, size):
        while len(self.data) < size and self.more():
            pass
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def answer(self, head):
        """Status, fields and body of the next answer; None at the end."""
        while b"\r\n\r\n" not in self.data and self.more():
            pass
        text, found, self.data = self.data.partition(b"\r\n\r\n")
        if not found:
            return None
        line, *lines = text.decode("latin-1").split("\r\n")
        fields = dict(each.lower().split(": ", 1)[:1] + each.split(": ", 1)[1:] for each in lines)
        status = line.split(" ")[1]
        bodiless = head or status == "304" or status.startswith("1")
        return status, fields, self.take(0 if bodiless else int(fields.get("content-length", 0)))


def complaint(expected, answer):
    """What is wrong with an answer, or None."""
    statuses, words = expected
    if answer is None:
        return f"no answer in place of {'|'.join(statuses)}"
    status, fields, body = answer
    if status not in statuses:
        return f"{status} in place of {'|'.join(statuses)}"
    for word in words:
        name, equals, value = word.partition("=")
        value = value.strip('"')
        found = body.decode("latin-1") if name == "body" else fields.get(name.lstrip("!").lower())
        if name.startswith("!") and found is not None:
            return f"{name[1:]}: {found}, which should not be there"
        if not name.startswith("!") and (found is None or (equals and found != value)):
            return f"{name}: {found} in place of {value or 'any'}"
    return None


def try_row(row, port, names):
    """What is wrong with the answers to a row, or None."""
    request = row.bytes(names)
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = Stream(connection)
        try:
            connection.sendall(request)
            for expected in row.answers:
                if why := complaint(expected, stream.answer(request.lstrip().startswith(b"HEAD "))):
                    return why
            if row.state == "open":
                connection.sendall(PROBE)
                answer = stream.answer(False)
                if not answer or answer[0] != "200" or answer[2] != FILES["probe"]:
                    return f"then {answer} in place of an open connection"
            elif row.state == "closed" and stream.take(1):
                return "then more in place of the end"
        except TimeoutError:
            return "no answer" if row.state != "closed" else "an open connection in place of the end"
        except (BrokenPipeError, ConnectionResetError):
            return None if row.state == "closed" else "a closed connection"
    return None


def names_of(port):
    """What stands for names with a dollar in the table: the tag of a.txt and dates."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(b"GET /a.txt HTTP/1.1\r\nHost: h\r\n\r\n")
        return {**DATES, "ETAG": Stream(connection).answer(False)[1]["etag"]}


def failures(rows, port):
    names = names_of(port)
    for row in rows:
        if why := try_row(row, port, names):
            yield f"{row.number}: {row.text}\n    {why}"


def second_opinion(name, rows):
    with tempfile.TemporaryDirectory(prefix="raw-") as directory:
        root = pathlib.Path(directory, "root")
        for file, content in FILES.items():
            path = root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (MODIFIED, MODIFIED))
        os.chmod(directory, 0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        config = pathlib.Path(directory, "config")
        config.write_text(OTHERS[name].format(root=root, port=port))
        command = {"nginx": ["nginx", "-p", directory, "-c", str(config), "-e", "/dev/null"],
                   "lighttpd": ["lighttpd", "-D", "-f", str(config)]}[name]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                try:
                    names_of(port)
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            differing = list(failures(rows, port))
            print("\n".join(differing))
            print(f"{name} differs in {len(differing)} of {len(rows)} rows")
        finally:
            process.terminate()
            process.wait()


def as_test(rows):
    from support import WebTest, main

    class Raw(WebTest):
        pass

    Raw.FILES = FILES

    def test_table(self):
        for file in FILES:
            os.utime(self.server.path(file), (MODIFIED, MODIFIED))
        differing = list(failures(rows, self.server.port))
        if differing:
            self.fail(f"{len(differing)} of {len(rows)} rows:\n" + "\n".join(differing))

    Raw.test_table = test_table
    globals()["Raw"] = Raw
    main()


table = read_table(pathlib.Path(__file__).parent / "Inputs" / "raw-requests.txt")
if len(sys.argv) > 1 and sys.argv[1] in OTHERS:
    second_opinion(sys.argv[1], table)
else:
    as_test(table)
