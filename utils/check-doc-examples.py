#!/usr/bin/env python3
"""Executes the examples of a Markdown page.

    check-doc-examples.py --translate=flux-translate PAGE.md

  - ```flux        must import without errors and warnings.
  - ```flux error  must give exactly the errors and warnings that the next ```text block quotes, one per line as
                   LINE:COLUMN: error: TEXT. Notes are compared if the block quotes any.
  - ```c NAME      is a header that the examples below it may include.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DIAGNOSTIC = re.compile(r"^example\.flux:(\d+:\d+: (?:error|warning|note): .*)$", re.MULTILINE)


def blocks_of(page):
    """Yields (line, info words, text) for each fenced block."""
    for match in FENCE.finditer(page):
        yield page.count("\n", 0, match.start()) + 1, match.group(1).split(), match.group(2)


def diagnose(translate, directory, program):
    """Returns the diagnostics of one program."""
    (directory / "example.flux").write_text(program)
    result = subprocess.run([translate, "--import-flux", "example.flux"], cwd=directory, text=True, timeout=60,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    found = DIAGNOSTIC.findall(result.stderr)
    has_error = any(": error: " in line for line in found)
    if (result.returncode != 0) != has_error:
        found.append(f"exit status {result.returncode}: {result.stderr}")
    return found


def compare(wanted, found):
    """Returns what differs, or an empty list."""
    if not any(": note: " in line for line in wanted):
        found = [line for line in found if ": note: " not in line]
    return [] if wanted == found else ["quoted:", *wanted, "found:", *found]


def check(page, translate, directory):
    """Returns the number of examples and a list of complaints."""
    examples, complaints, awaiting = 0, [], None
    for line, info, text in blocks_of(page):
        if awaiting and info[:1] != ["text"]:
            complaints.append(f"line {awaiting[0]}: no message is quoted")
            awaiting = None
        if info[:1] == ["c"] and len(info) > 1:
            (directory / info[1]).write_text(text)
        elif info[:1] == ["flux"]:
            examples += 1
            found = diagnose(translate, directory, text)
            if info[1:] == ["error"]:
                awaiting = (line, found)
            elif found:
                complaints.append(f"line {line}: " + "\n  ".join(["does not import", *found]))
        elif info[:1] == ["text"] and awaiting:
            difference = compare(text.splitlines(), awaiting[1])
            if difference:
                complaints.append(f"line {line}: " + "\n  ".join(difference))
            awaiting = None
    if awaiting:
        complaints.append(f"line {awaiting[0]}: no message is quoted")
    return examples, complaints


def main():
    parser = argparse.ArgumentParser(description="Executes the examples of a Markdown page.")
    parser.add_argument("--translate", default="flux-translate", help="the flux-translate to run")
    parser.add_argument("page", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        examples, complaints = check(arguments.page.read_text(), arguments.translate, pathlib.Path(directory))
    for complaint in complaints:
        print(f"{arguments.page}: {complaint}", file=sys.stderr)
    if examples == 0:
        sys.exit(f"{arguments.page}: no example found")
    print(f"{examples} examples, {len(complaints)} wrong")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
