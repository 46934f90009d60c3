"""Holds the pages that `ninja mlir-doc` makes against the definitions of passes and operations.

    generated.py DIRECTORY
"""

import pathlib
import re
import sys

import pages

INCLUDE = pages.ROOT / "include/flux"

# What a page is called, where its subjects are defined, how a definition names one, and how a heading of the page does.
PAGES = [
    ("FluxPasses.md", "Dialect/Flux/Transforms/Passes.td", r': Pass<"([\w-]+)"', r"^### `-([\w-]+)`"),
    ("FluxConversionPasses.md", "Conversion/Passes.td", r': Pass<"([\w-]+)"', r"^### `-([\w-]+)`"),
    ("Dialects/FluxDialect.md", "Dialect/Flux/IR/FluxOps.td", r'^def Flux_\w+ : Flux_\w+<"(\w+)"', r"^### `flux\.(\w+)`"),
]


def main():
    directory = pathlib.Path(sys.argv[1])
    complaints = []
    for name, definitions, definition, heading in PAGES:
        real = re.findall(definition, (INCLUDE / definitions).read_text(), re.M)
        written = re.findall(heading, (directory / name).read_text(), re.M)
        pages.compare(complaints, "section", written, directory / name, real, definitions)
    pages.finish(complaints)


main()
