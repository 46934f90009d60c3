"""Holds docs/Operating.md against servers, one for each model: their options, signals, exit statuses and snapshots, and
against the sources of the runtime what it quotes of the log.

    operating.py PAGE.md FLUXC
"""

import contextlib
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import time

import pages

HERE = pathlib.Path(__file__).parent
SECONDS = 60  # that a server may take for anything


def build(fluxc, model, name="served"):
    server = f"./{name}-{model}"
    program = [str(HERE / f"{name}.flux"), str(HERE / f"{name}.c")]
    subprocess.run([*fluxc, *program, f"--model={model}", "-Wall", "-o", server], check=True)
    return server


@contextlib.contextmanager
def running(server, *arguments):
    """A server that is about to start its first flow."""
    process = subprocess.Popen([server, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        finally:
            process.kill()


def number(text):
    """The value of a number that may end in K, M or G; other texts as they are."""
    match = re.fullmatch(r"(\d+)([KMG]?)", text)
    return str(int(match[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[match[2]]) if match else text


def by_model(rows, all_models):
    """For each model the first cells of the rows that name it in their third column, or in the second of two."""
    found = {model: [] for model in all_models}
    for *first, named in rows:
        for model in all_models if named == "all" else pages.code(named):
            found.setdefault(model, []).append(first)
    return found


def check_models(page, all_models, fluxc):
    rows = pages.rows_of(page, "model", "a flow runs on")
    yield "model", [pages.code(row[0])[0] for row in rows], "models.def", all_models
    default = re.search(r"\*\*`(\w+)` is the default\*\*", page.read_text())
    text = subprocess.run([*fluxc, "--help"], check=True, capture_output=True, text=True).stdout
    real = re.search(r"^  (\w+) .*\(default\)$", text, re.M)
    yield "default model", [default and default[1]], "fluxc --help", [real[1]]


def check_options(page, servers):
    rows = [[*row[:2], row[2]] for row in pages.rows_of(page, "option", "default", "models")]
    for model, written in by_model(rows, servers).items():
        text = subprocess.run([servers[model], "--flux-help"], check=True, capture_output=True, text=True).stdout
        real = re.findall(r"--flux-([\w-]+)=.*\n(?:\s+(?!\(default).*\n)?\s+\(default (.*), variable (\w+)\)", text)
        for name, _, variable in real:
            assert variable == "FLUX_" + name.upper().replace("-", "_")
        yield (f"option of '{model}'", [f"{pages.code(name)[0]} = {number(value)}" for name, value in written],
               "its --flux-help", [f"{name} = {value}" for name, value, _ in real])


def caught(pid):
    """The names of the signals for which a process has a handler; those beyond 31 are libc's."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    mask = int(re.search(r"^SigCgt:\s*(\w+)", status, re.M)[1], 16)
    return [each.name for each in signal.Signals if each < 32 and mask >> (each - 1) & 1]


def check_signals(page, servers):
    rows = [[row[0], row[1]] for row in pages.rows_of(page, "signal", "models")]
    for model, written in by_model(rows, servers).items():
        with running(servers[model]) as process:
            real = caught(process.pid)
        yield f"signal of '{model}'", re.findall(r"SIG\w+", str(written)), "a running server", real


FLOWS = ("oldest", "holders", "waiters")  # lists of flows, which have a table of their own


def keys(value, path=""):
    """The paths of all values below a JSON value; options have a table of their own, too."""
    if path == "options":
        yield path
    elif path.rpartition(".")[2] in FLOWS:
        yield path + "[]"
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from keys(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each, path + "[]")
    else:
        yield path


def snapshot(server, condition, *arguments):
    """What a server writes when the condition holds of it."""
    file = pathlib.Path(f"{server}.json")
    with running(server, f"--flux-snapshot={file}", *arguments) as process:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            process.send_signal(signal.SIGUSR1)
            time.sleep(0.02)
            found = json.loads(file.read_text()) if file.exists() else None
            if found and condition(found):
                return found
    sys.exit(f"{server}: no snapshot shows what it waits for within {SECONDS} s")


def is_held(found):
    """Whether a flow has failed, and one waits for another."""
    return found["errors"]["unhandled"] and any(lock["waiting"] for lock in found["locks"])


def hangs(found):
    """Whether all workers are taken as docs/Operating.md shows it."""
    [lock] = found["locks"]
    reads = any(flow["waits_for"].startswith("read") for flow in lock["holders"])
    return reads and lock["waiting"] == 3 and found["queue"]["depth"] == 2


def check_snapshot(page, servers):
    rows = [[row[0], row[1]] for row in pages.rows_of(page, "key", "models")]
    for model, written in by_model(rows, servers).items():
        written = [pages.code(key)[0] for key, in written]
        found = snapshot(servers[model], is_held, "--hold")
        yield f"key of '{model}'", written, "its snapshot", list(keys(found))
        yield ("key of a flow", [pages.code(row[0])[0] for row in pages.rows_of(page, "key of a flow")],
               f"a snapshot of '{model}'", found["oldest"][0])


def without_numbers(value):
    """A JSON value with 0 for every number, N for those in texts."""
    if isinstance(value, dict):
        return {name: without_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [without_numbers(each) for each in value]
    if isinstance(value, str):
        return re.sub(r"\d+", "N", re.sub(r"\([^():]*:", "(...:", value))
    return value if isinstance(value, bool) else 0


def check_example(page, fluxc):
    """The snapshot that the page shows is one of the server that hangs."""
    shown = json.loads(re.search(r"^```json\n(.*?)^```", page.read_text(), re.M | re.S)[1])
    server = build(fluxc, "pool", "hanging")
    found = snapshot(server, hangs, "--flux-workers=4", "--flux-drain-ms=0")
    shown["options"].pop("snapshot"), found["options"].pop("snapshot")
    for name in {*shown, *found}:
        yield (f"value of '{name}'", [json.dumps(without_numbers(shown.get(name)))], "a server that hangs",
               [json.dumps(without_numbers(found.get(name)))])


def status(server, *arguments):
    """How a server ends that does not start."""
    return subprocess.run([server, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          timeout=SECONDS).returncode


def status_of_stopped(server, *arguments, again=False):
    """How a server ends that gets SIGTERM, or that gets it again and again."""
    with running(server, *arguments) as process:
        process.send_signal(signal.SIGTERM)
        while again and process.poll() is None:
            time.sleep(0.05)  # or several arrive as one
            process.send_signal(signal.SIGTERM)
        return process.wait(SECONDS)


def check_statuses(page, servers):
    """A flow that does not end keeps the server from doing so at the first signal."""
    server = next(iter(servers.values()))
    real = {
        "0": status_of_stopped(server),
        "1": status(server, "--fail"),
        "2": status(server, "--flux-nonsense=1"),
        "128 + signal": status_of_stopped(server, "--forever", again=True) - signal.SIGTERM,
    }
    written = {row[0]: str(eval(row[0], {"signal": 0})) for row in pages.rows_of(page, "exit status")}
    yield ("exit status", [f"{name}: {value}" for name, value in written.items()],
           "a server", [f"{name}: {value}" for name, value in real.items()])


def blurred(text):
    """A message with '...' in place of what differs from one to the next: texts, and N for numbers."""
    text = re.sub(r"%(?:\.\d+)?(?:ll|l|z|h)*[duxf]", "N", text)
    text = re.sub(r"%(?:\.\*)?s", "...", text)
    return text.replace("%%", "%")


def check_reports(page):
    """What the page quotes is what some message begins with."""
    messages = []
    for source in sorted((pages.ROOT / "runtime/src").rglob("*.cpp")):
        for call in re.findall(r"(?:logMessage|text\.add)\(\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)", source.read_text()):
            messages.append(blurred("".join(re.findall(r"\"((?:[^\"\\]|\\.)*)\"", call))))
    reports = [pages.code(row[0])[0] for row in pages.rows_of(page, "report")]
    for line in re.findall(r"^flux: \w+: (\S.*)$", page.read_text(), re.M):  # as a server has written it; not what it continues by
        line = re.sub(r"\d+", "N", re.sub(r"\([^():]+:", "(...:", re.sub(r"'[^']*'", "'...'", line)))
        reports.append(re.sub(r"^\w+ (?=')", "... ", line))
    for report in reports:
        if not any(message.startswith(report) for message in messages):
            yield f"{page}: the report '{report}' is no message of the runtime"


def main():
    page, fluxc = pathlib.Path(sys.argv[1]).resolve(), shlex.split(sys.argv[2])
    all_models = pages.models()
    servers = {model: build(fluxc, model) for model in all_models}
    complaints = []
    checks = [check_models(page, all_models, fluxc), check_options(page, servers), check_signals(page, servers),
              check_snapshot(page, servers), check_example(page, fluxc), check_statuses(page, servers)]
    for check in checks:
        for what, written, source, real in check:
            pages.compare(complaints, what, written, page, real, source)
    complaints += check_reports(page)
    pages.finish(complaints)


main()
