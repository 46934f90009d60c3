#!/usr/bin/env python3
"""Measures how the compiler's time grows with the program: the curve of `fluxc check` (import, verification, order of locks,
proof) up to 300,000 nodes, and of object code up to 10,000.

    bench/compiler/measure.py [--tools=build/release/bin] [--repeat=3] [--largest=300000]

The programs have 50 layers of flows. A flow runs ten nodes of its own and two flows of the next layer, so that flows are
entered in many contexts. There are 1,000 locks, 20 for each layer, half of them for flows and half for nodes, so that an
order of locks exists; every third node and every tenth flow has a constraint.
CPU seconds are those of the fastest run, since they alone do not depend on what else the machine does; memory is the peak.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile

LAYERS, LOCKS, LINKS = 50, 1000, 10
SIZES = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000]
OBJECT_SIZES = [1_000, 3_000, 10_000]


def write_program(nodes, file):
    """A program with this many nodes, the same every time."""
    chance = random.Random(nodes)
    flows = max(nodes // LINKS, LAYERS)
    layers = [range(flows * layer // LAYERS, flows * (layer + 1) // LAYERS) for layer in range(LAYERS)]
    file.write("Listen () => (int a);\nEnd (int a) => ();\n")
    for layer, members in enumerate(layers):
        locks = range(LOCKS * layer // LAYERS, LOCKS * (layer + 1) // LAYERS)
        for flow in members:
            own = [f"N{node}" for node in range(nodes * flow // flows, nodes * (flow + 1) // flows)]
            for index, node in enumerate(own):
                file.write(f"{node} (int a) => (int a);\n")
                if index % 3 == 0:
                    file.write(f"constraint {node}:{{l{chance.choice(locks[10:])}{chance.choice('?!')}}};\n")
            calls = [f"F{chance.choice(layers[layer + 1])}" for _ in range(2)] if layer + 1 < LAYERS else []
            file.write(f"F{flow} = {' -> '.join(own + calls)};\n")
            if flow % 10 == 0:
                file.write(f"constraint F{flow}:{{l{chance.choice(locks[:10])}}};\n")
    file.write(f"Top = {' -> '.join(f'F{flow}' for flow in layers[0])} -> End;\nsource Listen => Top;\n")


def run(command):
    """CPU seconds and peak megabytes of a command that must succeed."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    messages = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"measure.py: {' '.join(command)} failed:\n{messages.decode()[:2000]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(command, repeat):
    runs = [run(command) for _ in range(repeat)]
    return min(seconds for seconds, _ in runs), max(megabytes for _, megabytes in runs)


def print_curve(title, command_for, sizes, repeat, directory):
    """A line for each size; returns the CPU seconds by size."""
    print(f"{title}\n{'nodes':>9} {'CPU s':>8} {'us/node':>8} {'MB':>6}")
    curve = {}
    for nodes in sizes:
        path = os.path.join(directory, f"{nodes}.flux")
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as file:
                write_program(nodes, file)
        seconds, megabytes = measure(command_for(path), repeat)
        curve[nodes] = seconds
        print(f"{nodes:>9,} {seconds:>8.2f} {seconds / nodes * 1e6:>8.1f} {megabytes:>6.0f}", flush=True)
    return curve


def main():
    parser = argparse.ArgumentParser(description="Measures how the compiler's time grows with the program.")
    parser.add_argument("--tools", default="build/release/bin", help="directory of fluxc and flux-translate")
    parser.add_argument("--repeat", type=int, default=3, help="runs of which the fastest counts")
    parser.add_argument("--largest", type=int, default=300_000, help="leave out larger programs")
    parser.add_argument("--write", type=int, metavar="NODES", help="write the program of this size and end")
    arguments = parser.parse_args()
    if arguments.write:
        return write_program(arguments.write, sys.stdout)
    sizes = [size for size in SIZES if size <= arguments.largest]
    with tempfile.TemporaryDirectory() as directory:
        check = lambda path: [os.path.join(arguments.tools, "fluxc"), "check", path]
        curve = print_curve("fluxc check", check, sizes, arguments.repeat, directory)
        if 300_000 in curve:
            print(f"time(300,000) / time(30,000) = {curve[300_000] / curve[30_000]:.1f}")
        translate = os.path.join(arguments.tools, "flux-translate")
        emit = lambda path: [translate, "--flux-to-object", path, "-o", path + ".o"]
        print_curve("flux-translate --flux-to-object", emit, OBJECT_SIZES, 1, directory)


if __name__ == "__main__":
    main()
