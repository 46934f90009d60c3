# The conformance suite: programs that every execution model runs with the same results. The site configuration loads
# this one; it needs the tools of the compiler, but not a build of it.
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "utils"))
from model_tests import ModelTests  # noqa: E402

config.test_format = ModelTests(
    config.flux_models or lit_config.params.get("models"), path=config.flux_model_list, execute_external=True)
config.suffixes = [".flux", ".test"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.flux_suite_build
config.excludes = ["Inputs"]

if not os.access(config.fluxc, os.X_OK):
    lit_config.fatal(f"there is no '{config.fluxc}': build it, or set FLUX_TOOLS_DIR to where it is")

# FLUX_IO=epoll makes the event-driven models use epoll where they would choose io_uring.
for name in ["HOME", "TMPDIR", "CCACHE_DIR", "FLUX_IO", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"]:
    if name in os.environ:
        config.environment[name] = os.environ[name]
# A program that has threads when `process` forks: ThreadSanitizer would end the workers that start some.
config.environment["TSAN_OPTIONS"] = os.environ.get("TSAN_OPTIONS", "") + ":die_after_fork=0"
config.environment["PATH"] = os.pathsep.join([config.llvm_tools_dir, os.environ["PATH"]])

# Models with several loops have as many on every machine; a program that wants another number says so.
config.environment["FLUX_CORES"] = "3"

# Nobody is to blame when a machine with other things to do leaves an event loop waiting; a test of the reports says so.
config.environment["FLUX_STALL_MS"] = "0"

# What an emulator of another machine lacks: it makes other calls than the server, and does not know all (kernel-calls), of which
# /proc tells; what tests compile by cc besides is for this machine (host-objects), and is loaded before the emulator (preloaded); and
# where a process with threads forks, it may die or wait for itself (forks-of-threads).
if not config.flux_emulator:
    config.available_features |= {"kernel-calls", "host-objects", "preloaded", "forks-of-threads"}
else:
    config.available_features.add("emulated")
compiler = ["clang-22", *config.flux_target_flags.split()] if config.flux_target_flags else ["cc"]

# Programs whose nodes use them; scripts/setup installs them.
for library, header in [("libcurl", "curl/curl.h"), ("libsqlite3", "sqlite3.h"), ("openssl", "openssl/ssl.h"),
                        ("zlib", "zlib.h"), ("hiredis", "hiredis/hiredis.h")]:
    include = f"#include <{header}>".encode()
    if subprocess.run([*compiler, "-E", "-x", "c", "-"], input=include, capture_output=True).returncode == 0:
        config.available_features.add(library)
    else:
        lit_config.note(f"{library} is not installed, so tests of it are left out: see scripts/setup")

# A name server of a test's own: unprivileged namespaces may be forbidden.
namespaces = ["unshare", "-rmn", "mount", "--bind", "/dev/null", "/etc/resolv.conf"]
if shutil.which("unshare") and subprocess.run(namespaces, capture_output=True).returncode == 0:
    config.available_features.add("namespaces")

# Runtimes for servers that are built with a sanitizer, beside a plain one.
for sanitizer, feature in [("address", "asan"), ("thread", "tsan")]:
    if not config.flux_sanitizer_flags and sanitizer in config.flux_sanitized_runtimes.split(";"):
        config.available_features.add(feature)

# Sanitizers have frames and stacks of their own.
if not config.flux_sanitizer_flags:
    config.available_features.add("plain-stacks")

# What fluxc concludes of nodes is about their code without a sanitizer's: one has an allocator and calls of its own, and
# does not link with another compiler's.
if not config.flux_sanitizer_flags:
    config.available_features.add("plain-build")

# Theirs is loaded first, and nothing in front of it.
if not config.flux_sanitizer_flags:
    config.available_features.add("preload")

# They cannot run what a sanitizer has instrumented.
for tool in ["gdb", "valgrind"]:
    if shutil.which(tool) and not config.flux_sanitizer_flags and not config.flux_emulator:
        config.available_features.add(tool)

config.substitutions += [
    # A case of Inputs/inference on a model.
    ("%attack", '%S/Inputs/inference/attack %t "%fluxc" %flux-opt'),
    ("%fluxc", config.fluxc + " --runtime-dir=" + config.flux_runtime_dir +
     " -g -I" + config.test_source_root + " -Wall -Wextra " + config.flux_sanitizer_flags + " " + config.flux_target_flags),
    ("%flux-opt", os.path.join(config.flux_tools_dir, "flux-opt")),
    # A server that hangs is a failed test.
    ("%run", "timeout --kill-after=10 120 " + config.flux_emulator),
    ("%python", config.python_executable),
]
