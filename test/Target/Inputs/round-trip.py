#!/usr/bin/env python3
"""Holds import(source(import(x))) against import(x), for every program that imports.

usage: round-trip.py FLUX-TRANSLATE AT-LEAST FILE...

A file may hold several programs, split by lines of `// -----`. A program that does not import is an error test and is
not counted. Fails if any program differs, or if fewer than AT-LEAST were compared.
"""

import os
import re
import subprocess
import sys


def main():
    tool, at_least, files = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    compared = refused = 0
    differing = []
    for path in files:
        # Headers are searched where a program stands; standard input stands in the working directory.
        directory = os.path.dirname(os.path.abspath(path))

        def translate(option, text):
            result = subprocess.run([tool, option, "-"], input=text, cwd=directory, capture_output=True, timeout=120)
            return result.returncode == 0, result.stdout, result.stderr.decode(errors="replace")

        with open(path, "rb") as file:
            programs = re.split(rb"^// -----.*\n", file.read(), flags=re.MULTILINE)
        for number, program in enumerate(programs):
            imports, before, _ = translate("--import-flux", program)
            if not imports:
                refused += 1
                continue
            compared += 1
            prints, source, message = translate("--flux-to-source", program)
            reads, after, reading = translate("--import-flux", source) if prints else (False, b"", message)
            if not reads or before != after:
                differing.append(f"{path}, program {number}: {reading or 'another program comes back'}")
    print(f"{compared} programs came back as they were sent, {refused} do not import" if not differing else
          "\n".join(differing))
    if compared < at_least:
        print(f"expected at least {at_least} programs, compared {compared}")
    return 1 if differing or compared < at_least else 0


if __name__ == "__main__":
    sys.exit(main())
