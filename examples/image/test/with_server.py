#!/usr/bin/env python3
"""Builds the image server for an execution model, unless that is done already, and runs test scripts against it.

    with_server.py [--fluxc=COMMAND] [--build-dir=DIR] MODEL SCRIPT...

COMMAND is fluxc with any options, for example those of a sanitizer:
    --fluxc='fluxc --runtime-dir=build/asan/lib -fsanitize=address,undefined'
"""

import argparse
import fcntl
import glob
import hashlib
import os
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.dirname(HERE)
TOP = os.path.join(EXAMPLE, "..", "..")
LIBRARIES = ["-lturbojpeg", "-lspng", "-lwebp", "-lwebpdemux", "-lwebpmux"]

# A race, or an error that a sanitizer finds, must fail the test that caused it: support.py looks at the exit status.
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:exitcode=66",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:exitcode=66:second_deadlock_stack=1",
}


def files(*endings):
    return [path for ending in endings for pattern in ("/*", "/*/*") for path in sorted(glob.glob(EXAMPLE + pattern + ending))]


def sharing():
    """Options by which servers for several models share what is compiled: all headers stand in one place, so that ccache
    sees the same sources again."""
    if not shutil.which("ccache") or not shutil.which("clang++-22"):
        return []
    return ["--save-temps", "--cxx=ccache clang++-22", "--cc=ccache clang-22"]


def build(fluxc, model, directory):
    """Returns the path of the server. One test at a time builds one, which takes all processors; others wait for it."""
    os.makedirs(directory, exist_ok=True)
    # One server per model and set of flags.
    server = os.path.join(directory, f"image-{model}-{hashlib.sha256(shlex.join(fluxc).encode()).hexdigest()[:8]}")
    tool = shutil.which(fluxc[0])
    if not tool:
        sys.exit(f"{fluxc[0]} not found; --fluxc names it")
    runtimes = [option.split("=", 1)[1] for option in fluxc if option.startswith("--runtime-dir=")]
    runtimes = runtimes or [os.path.join(os.path.dirname(os.path.realpath(tool)), "..", "lib")]
    archives = [path for name in (model, "net") for path in glob.glob(f"{runtimes[0]}/libflux-{name}*.a")]
    with open(os.path.join(directory, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(os.path.getmtime(path) for path in [*files(".flux", ".cpp", ".h"), tool, *archives])
        if not os.path.exists(server) or os.path.getmtime(server) <= newest:
            command = [*fluxc, *sharing(), *files(".flux", ".cpp"), *LIBRARIES, "-Wall", "-g", f"--model={model}", "-o", server]
            if subprocess.run(command).returncode != 0:
                sys.exit("failed: " + shlex.join(command))
    return server


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fluxc", default=os.environ.get("FLUXC", os.path.join(TOP, "build/release/bin/fluxc")))
    parser.add_argument("--build-dir", default=os.path.join(TOP, "build/examples/image"))
    parser.add_argument("model")
    parser.add_argument("scripts", nargs="+")
    arguments = parser.parse_args()
    fluxc = shlex.split(arguments.fluxc)
    environment = dict(os.environ, IMAGE_SERVER=build(fluxc, arguments.model, arguments.build_dir))
    if any(option.startswith("-fsanitize=") for option in fluxc):
        environment["IMAGE_SANITIZED"] = "1"
        environment.update(SANITIZER_OPTIONS)
    failed = [script for script in arguments.scripts if subprocess.run([sys.executable, script], env=environment).returncode]
    if failed:
        sys.exit("failed: " + " ".join(failed))


if __name__ == "__main__":
    main()
