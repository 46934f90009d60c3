#!/usr/bin/env python3
"""Runs flux-opt's passes in random order over random programs.

    fuzz-passes.py [options] DIRECTORY...

The inputs are the .flux and .mlir files of the directories, as they are and with lines that were lost, doubled, moved or
put into a module of their own; programs that flux-agreement draws; and what earlier runs have made of all these. The
passes are those that flux-opt registers, with their options, repeated or not, in one pipeline. A run may fail. It must
end in the time, by itself, with status 0 or 1: else input and command stay in --keep, and so does the script's failure.
"""
import argparse
import collections
import os
import pathlib
import random
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import time

# What options are given, by their names.
MODELS = 3 * ["thread", "pool", "process", "sped", "amped", "percore"] + ["spedd", ""]
VALUES = {
    "model": MODELS, "force": ["true", "false"], "debug": ["true", "false"], "certificate": ["/dev/null", ""],
    "nodes": ["/dev/null", "/nowhere", "."] + 9 * [""], "linked": ["/dev/null", "", ""], "unseen": ["true", "false"],
    "test-convergence": ["true", "false"], "top-down": ["true", "false"],
    "region-simplify": ["disabled", "normal", "aggressive"], "max-iterations": ["1", "10"], "max-num-rewrites": ["1"],
}
FOREIGN = 4  # of the passes drawn, one in so many may be one of MLIR's own


class Passes:
    """What flux-opt offers."""

    def __init__(self, tool):
        text = subprocess.run([tool, "--help"], capture_output=True, text=True, check=True).stdout
        self.options, current = collections.OrderedDict(), None
        # A pass stands at six columns below 'Passes:' or 'Pass Pipelines:', its options at eight.
        for line in text[text.index("Passes:"):].splitlines()[1:]:
            if found := re.match(r" {6}--([a-z][\w-]*)", line):
                current = found[1]
                self.options[current] = []
            elif current and (found := re.match(r" {8}--([a-z][\w-]*)", line)):
                self.options[current].append(found[1])
            elif not line.startswith("   "):
                current = None
        self.ours = [name for name in self.options if "flux" in name or "deadlock" in name]
        if len(self.ours) < 8:
            sys.exit(f"fuzz-passes: '{tool} --help' lists only {len(self.ours)} passes of Flux")

    def draw(self, source):
        name = source.choice(self.ours if source.randrange(FOREIGN) else list(self.options))
        known = [option for option in self.options[name] if option in VALUES]
        chosen = [f"{option}={source.choice(VALUES[option])}" for option in known if source.random() < 0.5]
        return f"{name}{{{' '.join(chosen)}}}" if chosen else name

    def pipeline(self, source):
        passes = [self.draw(source) for _ in range(source.randint(1, 7))]
        if source.random() < 0.2:
            passes.append(passes[0])
        if source.random() < 0.05:
            passes.insert(source.randrange(len(passes)), f"builtin.module({self.draw(source)})")
        return f"builtin.module({','.join(passes)})"


class Inputs:
    def __init__(self, options):
        self.files = sorted(path for directory in options.directories for kind in ("*.flux", "*.mlir")
                            for path in pathlib.Path(directory).rglob(kind) if path.stat().st_size < 20000)
        self.generator = os.path.join(options.tools, "flux-agreement")
        self.made = collections.deque(maxlen=200)
        if not self.files:
            sys.exit("fuzz-passes: there are no .flux or .mlir files in the directories")

    def draw(self, source):
        kind = source.random()
        if kind < 0.35:
            seed = source.randrange(10 ** 6)
            return subprocess.run([self.generator, "--print", f"--seed={seed}"], capture_output=True, check=True,
                                  timeout=60).stdout
        text = source.choice(self.made) if kind < 0.55 and self.made else self.part(source)
        return self.changed(source, text) if source.random() < 0.3 else text

    def part(self, source):
        """One of the parts of a file that has several."""
        return source.choice(re.split(rb"^// -----.*$", source.choice(self.files).read_bytes(), flags=re.M))

    def changed(self, source, text):
        lines = text.splitlines(keepends=True)
        for _ in range(source.randint(1, 3)):
            if not lines:
                break
            at, other = source.randrange(len(lines)), source.randrange(len(lines))
            kind = source.randrange(5)
            if kind == 0:
                del lines[at]
            elif kind == 1:
                lines.insert(other, lines[at])
            elif kind == 2:
                lines[at], lines[other] = lines[other], lines[at]
            elif kind == 3:
                lines = [b"module {\n"] + lines + [b"}\n"]
            else:
                words = lines[at].split(b" ")
                words[source.randrange(len(words))] = source.choice(lines[other].split(b" "))
                lines[at] = b" ".join(words)
        return b"".join(lines)


def run(tool, command, text, seconds):
    """The output, and what is wrong with it. Time is the processor's: a busy machine is no fault of the passes."""
    limit = (seconds, seconds + 1)
    try:
        done = subprocess.run([tool, *command], input=text, capture_output=True, timeout=60 * seconds,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, limit))
    except subprocess.TimeoutExpired:
        return b"", f"waits for {60 * seconds} s"
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return b"", f"does not end in {seconds} s"
    if done.returncode not in (0, 1) or b"Stack dump" in done.stderr:
        return b"", f"ends with status {done.returncode}"
    return done.stdout if done.returncode == 0 else b"", None


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("directories", nargs="+")
    parser.add_argument("--tools", default="", help="the directory of flux-opt and flux-agreement")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=10 ** 9)
    parser.add_argument("--seconds", type=float, default=1e9, help="start no further run after that")
    parser.add_argument("--time-limit", type=int, default=20, help="of one run, in seconds of processor time")
    parser.add_argument("--keep", default="fuzz-passes", help="the directory for what fails")
    options = parser.parse_args()
    tool = os.path.join(options.tools, "flux-opt")
    passes, inputs, source = Passes(tool), Inputs(options), random.Random(options.seed)
    deadline, counts, failures = time.monotonic() + options.seconds, collections.Counter(), 0
    for number in range(options.runs):
        if time.monotonic() > deadline:
            break
        text, command = inputs.draw(source), [f"--pass-pipeline={passes.pipeline(source)}"]
        output, wrong = run(tool, command, text, options.time_limit)
        counts["succeeded" if output else "wrong" if wrong else "refused"] += 1
        if output and source.random() < 0.3:
            inputs.made.append(output)
        if wrong:
            failures += 1
            os.makedirs(options.keep, exist_ok=True)
            path = os.path.join(options.keep, f"{options.seed}-{number}")
            pathlib.Path(path).write_bytes(text)
            print(f"run {number} {wrong}: {shlex.join([tool, *command, path])}", flush=True)
    print(f"{sum(counts.values())} runs: {counts['succeeded']} succeeded, {counts['refused']} refused, "
          f"{failures} failures")
    return 1 if failures or not counts["succeeded"] else 0


if __name__ == "__main__":
    sys.exit(main())
