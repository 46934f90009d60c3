"""Holds docs/WritingNodes.md against the header for nodes, and runs its program on each model.

    writing-nodes.py PAGE.md FLUXC
"""

import pathlib
import re
import shlex
import subprocess
import sys

import pages

HEADER = pages.ROOT / "runtime/include/flux/flux.h"
ERRORS = pages.ROOT / "runtime/include/flux/errors.def"


def check_interface(page, complaints):
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.S)
    declared = re.findall(r"^[\w ]+[ *](flux_\w+)\([^;]*\);", text, re.M)
    hooks = {"flux_init", "flux_shutdown"}
    written = [pages.code(row[0])[0] for row in pages.rows_of(page, "function", "from where")]
    pages.compare(complaints, "function", written, page, set(declared) - hooks, HEADER)
    written = [pages.code(row[0])[0] for row in pages.rows_of(page, "function", "when")]
    pages.compare(complaints, "function of the program", written, page, set(declared) & hooks, HEADER)

    values = dict(re.findall(r"^FLUX_ERROR\((\w+),\s*(-\d+)", ERRORS.read_text(), re.M))
    names = re.findall(r"^#define (FLUX_\w+) FLUX_ERROR_(\w+)$", text, re.M)
    written = [f"{pages.code(row[0])[0]} = {row[1]}" for row in pages.rows_of(page, "name", "value")]
    pages.compare(complaints, "error", written, page, [f"{name} = {values[code]}" for name, code in names], ERRORS)


def fenced(page, info):
    return re.findall(rf"^```{info}\n(.*?)^```", page.read_text(), re.M | re.S)


def check_threads(page, complaints):
    """Every model stands in a row of its threads."""
    written = [model for row in pages.rows_of(page, "", "sources") for model in pages.code(row[0])]
    pages.compare(complaints, "model", written, page, pages.models(), "models.def")


def check_program(page, fluxc, complaints):
    """Not where memory is each worker's, who each call the source: the sums that the page shows are one process's."""
    command, *output = fenced(page, "console")[0].splitlines()
    pathlib.Path("orders.flux").write_text(fenced(page, "flux")[0])
    pathlib.Path("orders.c").write_text("".join(fenced(page, "c")))
    build, run = command.removeprefix("$ fluxc ").split(" && ")
    for model in pages.models(but="Processes"):
        subprocess.run([*fluxc, *shlex.split(build), f"--model={model}", "-Wall", "-Wextra", "-Werror"], check=True)
        found = subprocess.run([run], check=True, capture_output=True, text=True, timeout=60).stdout.splitlines()
        if found != output:
            complaints.append(f"{page}: its program prints {found} on '{model}'")


def main():
    page, fluxc = pathlib.Path(sys.argv[1]).resolve(), shlex.split(sys.argv[2])
    complaints = []
    check_interface(page, complaints)
    check_threads(page, complaints)
    check_program(page, fluxc, complaints)
    pages.finish(complaints)


main()
