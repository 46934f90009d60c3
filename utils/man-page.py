#!/usr/bin/env python3
"""Writes the manual page of a tool out of what it says of itself.

    man-page.py TOOL SUMMARY [VERSION] > TOOL.1
"""

import os
import re
import subprocess
import sys

OTHERS = ["fluxc", "flux-opt", "flux-translate", "flux-lsp-server", "flux-mlir-lsp-server", "flux-check",
          "flux-check-certificate"]


def roff(line):
    """A line as it is, for roff."""
    line = line.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("`", r"\(ga")
    return r"\&" + line if line.startswith(".") else line


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    tool, summary, version = sys.argv[1], sys.argv[2], " ".join(sys.argv[3:4])
    name = re.sub(r"\.py$", "", os.path.basename(tool))
    name = {"check-certificate": "flux-check-certificate"}.get(name, name)
    # What a sanitized tool leaks while it helps is not the page's business.
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    said = subprocess.run([tool, "--help"], capture_output=True, text=True, check=True, env=environment).stdout
    lines = said.replace(tool, name).replace("check-certificate.py", "flux-check-certificate").rstrip().split("\n")
    others = ",\n".join(rf".BR {roff(other)} (1)" for other in OTHERS if other != name)
    print(f'.TH {name.upper()} 1 "" "Flux {version}" "Flux"')
    print(f".SH NAME\n{roff(name)} \\- {roff(summary)}")
    print(".SH DESCRIPTION\n.nf")
    print("\n".join(roff(line.rstrip()) for line in lines))
    print(f".fi\n.SH SEE ALSO\n.ad l\n{others}")


if __name__ == "__main__":
    main()
