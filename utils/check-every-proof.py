#!/usr/bin/env python3
"""Has flux-check judge every program of this tree: each .flux file, and each example of the documentation.

    check-every-proof.py --tools=build/release/bin

A program that the compiler proves free of deadlock must come with a proof that flux-check accepts. Others, which are
there to be refused, are only counted.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLE = re.compile(r"^```flux\b[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def programs(directory):
    """All programs with what to call them; those of the documentation are written to the directory."""
    for path in sorted(ROOT.rglob("*.flux")):
        if path.relative_to(ROOT).parts[0] != "build":
            yield str(path.relative_to(ROOT)), path
    for page in sorted((ROOT / "docs").rglob("*.md")):
        text = page.read_text()
        for match in EXAMPLE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            path = directory / f"{page.stem}-{line}.flux"
            path.write_text(match.group(1))
            yield f"{page.relative_to(ROOT)}:{line}", path


def judge(tools, directory, number, path):
    """Returns whether the compiler proves the program, whether it has locks, and what flux-check has against it."""
    stem = directory / str(number)
    proof, ordered, graph = (stem.with_suffix(suffix) for suffix in (".proof", ".mlir", ".graph"))

    def run(tool, *arguments):
        return subprocess.run([tools / tool, *arguments], cwd=path.parent, capture_output=True, text=True, timeout=120)

    if run("flux-opt", "--flux-assign-lock-order", f"--verify-deadlock-free=certificate={proof}", path, "-o", ordered).returncode:
        return False, False, None
    if run("flux-translate", "--flux-to-json", ordered, "-o", graph).returncode:
        return True, False, "its JSON cannot be made"
    result = run("flux-check", proof, graph)
    output = (result.stdout + result.stderr).strip()
    return True, bool(json.loads(graph.read_text())["locks"]), output if result.returncode else None


def main():
    parser = argparse.ArgumentParser(description="Has flux-check judge every program of this tree.")
    parser.add_argument("--tools", type=pathlib.Path, required=True, help="where flux-opt and its siblings are")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        directory = pathlib.Path(name)
        named = list(programs(directory))
        tasks = [pool.submit(judge, arguments.tools.resolve(), directory, number, path) for number, (_, path) in enumerate(named)]
        results = [task.result() for task in tasks]
    complaints = [f"{name}: {output}" for (name, _), (_, _, output) in zip(named, results) if output]
    proved = sum(is_proved for is_proved, _, _ in results)
    locked = sum(has_locks for _, has_locks, _ in results)
    print(f"{len(named)} programs: {proved - len(complaints)} proofs hold, {locked} of programs with locks, "
          f"{len(complaints)} do not, {len(named) - proved} programs are refused")
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main()
