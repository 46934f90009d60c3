#!/usr/bin/env python3
"""Has SPIN look for deadlocks on the locks of Flux programs.

check-with-spin.py [options] PROGRAM...      what SPIN says of each, with and without an assigned lock order
check-with-spin.py [options] --random=COUNT  the same for random programs, held against verify-deadlock-free

A program of a file is run with 1, 2, ... flows of each source until SPIN finds a deadlock, up to --flows. A random one
is run with as many flows and sessions as deadlock by brute force, if not more than --processes, else with --flows. A
search that needs more than --depth steps or --memory megabytes is given up; with --bitstate all fit, but not all states
are seen. With --cases the flows take these cases of each dispatch, counted from 0 and one for each flow in the order of
their sources, instead of any: a deadlock there is one of the program, and is found much earlier. That there is none means
little, so programs are then looked at only as written. Fails if a program deadlocks that is proved, or does not by brute force, or whose lock order was assigned; and
if one does not, although all was searched, that does by brute force or, of a file, is refused.
"""

import argparse
import collections
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
import time

DEADLOCK, NONE, UNKNOWN = "deadlock", "no deadlock", "given up"


class Tools:
    """The compiler and SPIN, run in a directory of their own."""

    def __init__(self, options):
        self.options = options

    def run(self, command, text=None, cwd=None):
        return subprocess.run(command, input=text, cwd=cwd, capture_output=True, text=True, timeout=300)

    def must(self, command, text=None, cwd=None):
        result = self.run(command, text, cwd)
        if result.returncode != 0:
            sys.exit(f"check-with-spin: '{' '.join(command)}' failed:\n{result.stdout}{result.stderr}")
        return result.stdout

    def tool(self, name):
        return os.path.join(self.options.tools, name)

    def is_proved(self, program):
        return self.run([self.tool("flux-opt"), "--verify-deadlock-free", "-"], program).returncode == 0

    def assign_order(self, program):
        return self.must([self.tool("flux-opt"), "--flux-assign-lock-order", "-"], program)

    def search(self, program, flows, sessions=0):
        """What SPIN finds with so many flows of each source, in so many sessions."""
        model = self.must([self.tool("flux-translate"), "--flux-to-promela", f"--flows={flows}",
                           f"--sessions={sessions}", "-"], program)
        if self.options.cases:
            model = re.sub(":: true -> goto case_[0-9]+_([0-9]+)", self.only_chosen, model)
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "model.pml"), "w") as file:
                file.write(model)
            self.must(["spin", "-a", "model.pml"], cwd=directory)
            # Unoptimised: these searches end before an optimised one would have been compiled.
            flags = [f"-DMEMLIM={self.options.memory}", *["-DBITSTATE"] * self.options.bitstate]
            self.must(["cc", "-O0", "-w", "-DSAFETY", *flags, "-o", "pan", "pan.c"], cwd=directory)
            size = "-w27" if self.options.bitstate else "-w18"
            found = self.run(["./pan", f"-m{self.options.depth}", size], cwd=directory).stdout
        if "invalid end state" in found.split("(Spin Version")[0]:
            return DEADLOCK
        if "max search depth too small" in found or "errors: 0" not in found or (
                "Search not completed" in found) or self.options.bitstate or self.options.cases:
            return UNKNOWN
        return NONE

    def only_chosen(self, case):
        """A case of a dispatch in the model, left to those flows that are to take it. SPIN's first process is no flow."""
        flows = [index for index, chosen in enumerate(self.options.cases.split(","), 1) if chosen == case[1]]
        return case[0].replace("true", " || ".join(f"_pid == {flow}" for flow in flows) or "false")

    def verdict(self, program, most):
        """The first deadlock that SPIN finds as flows are added, and with how many; else whether all was searched."""
        overall = NONE
        for flows in range(most if self.options.cases else 1, most + 1):
            found = self.search(program, flows, self.options.sessions)
            if found == DEADLOCK:
                return found, flows
            overall = UNKNOWN if found == UNKNOWN else overall
        return overall, most


def fault(proved, found):
    """How the proof and SPIN contradict each other, if they do."""
    return {(True, DEADLOCK): "is proved but deadlocks", (False, NONE): "is refused but does not deadlock"}.get(
        (proved, found))


def check_files(tools, paths):
    faults = 0
    for path in paths:
        with open(path) as file:
            program = file.read()
        versions = [("as written", program)]
        if not tools.options.cases:
            versions.append(("with assigned order", tools.assign_order(program)))
        for title, text in versions:
            found, flows = tools.verdict(text, tools.options.flows)
            proved = tools.is_proved(text)
            faults += fault(proved, found) is not None
            print(f"{os.path.basename(path)}, {title}: {'proved' if proved else 'refused'}, "
                  f"SPIN: {found} with {flows} flows of each source")
    return 1 if faults else 0


def check_random(tools, options):
    deadline = time.monotonic() + options.seconds

    def check(seed):
        if time.monotonic() > deadline:
            return None
        program = tools.must([tools.tool("flux-agreement"), "--print", f"--seed={seed}"])
        proved, known = tools.is_proved(program), program.splitlines()[0]
        flows, sessions = options.flows, options.sessions
        expected, sources = NONE if "do not" in known else DEADLOCK, len(re.findall("^source ", program, re.M))
        if expected == DEADLOCK:
            flows, sessions = map(int, re.findall("[0-9]+", known))
            if flows * sources > options.processes:
                return proved, "needs too many flows", NONE, []
        found = tools.search(program, flows, sessions)
        faults = ["is proved but deadlocks"] if proved and found == DEADLOCK else []
        if found not in (expected, UNKNOWN):
            faults.append(f"has a {found} in SPIN, but by brute force {known.strip('/ ')}")
        after = NONE
        if not proved:
            after, _ = tools.verdict(tools.assign_order(program), options.flows)
            faults += ["deadlocks although its lock order was assigned"] if after == DEADLOCK else []
        return proved, found, after, [f"program {seed} {text} with {flows} flows of each source" for text in faults]

    counts, faults = collections.Counter(), []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for result in pool.map(check, range(options.seed, options.seed + options.random)):
            if result:
                proved, found, after, wrong = result
                counts["proved" if proved else "refused", found] += 1
                counts["mended", after] += not proved
                faults += wrong
    done = sum(count for (kind, _), count in counts.items() if kind != "mended")
    print(f"{done} of {options.random} programs in the time: " + ", ".join(
        f"{kind} and {found} {count}" for (kind, found), count in sorted(counts.items())))
    print("\n".join(faults) or "no disagreement")
    return 1 if faults or done < options.at_least else 0


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("programs", nargs="*")
    parser.add_argument("--tools", default="", help="the directory of flux-opt and flux-translate")
    parser.add_argument("--flows", type=int, default=2, help="the most flows of each source")
    parser.add_argument("--sessions", type=int, default=0, help="of these flows; as many as could matter without it")
    parser.add_argument("--cases", default="", metavar="CASE,CASE...", help="the case that each flow takes")
    parser.add_argument("--processes", type=int, default=5, help="the most flows of all sources for a random program")
    parser.add_argument("--bitstate", action="store_true", help="look for deadlocks in little memory")
    parser.add_argument("--depth", type=int, default=1000000)
    parser.add_argument("--memory", type=int, default=250)
    parser.add_argument("--random", type=int, default=0, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=1, help="of the first random program")
    parser.add_argument("--seconds", type=float, default=1e9, help="start no further program after that")
    parser.add_argument("--at-least", type=int, default=1, help="fail if fewer programs fit into the time")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    tools = Tools(options)
    return check_random(tools, options) if options.random else check_files(tools, options.programs)


if __name__ == "__main__":
    sys.exit(main())
