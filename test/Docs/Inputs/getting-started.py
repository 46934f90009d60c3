"""Does what docs/GettingStarted.md does with its first server, and compares what it shows.

    getting-started.py PAGE.md FLUXC
"""

import pathlib
import re
import shlex
import subprocess
import sys

import pages


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def main():
    page, fluxc = pathlib.Path(sys.argv[1]).resolve(), shlex.split(sys.argv[2])
    text = page.read_text()
    complaints = []

    def expect(what, shown, found):
        if shown != found:
            complaints.append(f"{page}: {what} is\n{found}and not\n{shown}")

    run(*fluxc, "init", "hello").check_returncode()
    program, code = pathlib.Path("hello.flux"), pathlib.Path("hello.c")
    (shown,) = re.findall(r"^```flux\n(.*?)^```", text, re.M | re.S)
    expect("the program that 'fluxc init' writes", shown, program.read_text())
    (shown,) = re.findall(r"^```c\n(.*?)^```", text, re.M | re.S)
    if shown not in code.read_text():
        complaints.append(f"{page}: hello.c has not the function\n{shown}")

    # Flows run at the same time, so the lines come in any order.
    run(*fluxc, str(program), str(code), "-o", "hello").check_returncode()
    shown = re.search(r"^    \$ fluxc hello.flux hello.c && ./hello\n((?:    .*\n)+)", text, re.M)[1]
    expect("what it prints", "".join(sorted(line[4:] + "\n" for line in shown.splitlines())),
           "".join(sorted(run("./hello").stdout.splitlines(True))))

    program.write_text(program.read_text().replace("= Greet;", "= Gret;"))
    shown = re.search(r"(?:^    .*\n)*^    hello.flux:\d+:\d+: error(?:.*\n    )*.*\n", text, re.M)[0]
    expect("what it says of a mistake", re.sub("^    ", "", shown, flags=re.M),
           run(*fluxc, "check", str(program)).stderr)
    pages.finish(complaints)


main()
