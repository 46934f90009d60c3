# The tests of the compiler, and of the examples with it. Each suite has a site configuration that loads this one.
import os
import re
import shutil
import sys

import lit.formats
from lit.llvm import llvm_config

config.name = config.flux_suite_name
config.test_format = lit.formats.ShTest(not llvm_config.use_lit_shell)
config.suffixes = [".flux", ".mlir", ".test"]
config.excludes = ["Inputs", "lit.cfg.py", "lit.site.cfg.py.in", "CMakeLists.txt", "README.md"]
config.test_source_root = config.flux_suite_source
config.test_exec_root = config.flux_suite_build

llvm_config.with_system_environment(["HOME", "TMPDIR", "TMP", "TEMP", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
                                    "CCACHE_DIR", "FLUX_IO"])
llvm_config.with_environment("PATH", config.llvm_tools_dir, append_path=True)
llvm_config.use_default_substitutions()
# For example a sanitizer: --param fluxc_flags="--runtime-dir=build/asan/lib -fsanitize=address"
fluxc_flags = lit_config.params.get("fluxc_flags", "")
fluxc = " ".join([os.path.join(config.flux_tools_dir, "fluxc"), fluxc_flags]).strip()
runtime_dirs = [os.path.join(config.flux_tools_dir, "..", "lib"), *re.findall(r"--runtime-dir=(\S+)", fluxc_flags)]
config.substitutions += [
    ("%fluxc", fluxc),
    ("%python", config.python_executable),
    ("%lit", os.path.abspath(sys.argv[0])),
    ("%flux-runtime", os.path.join(config.flux_source_dir, "runtime", "include")),
    ("%flux-lib", runtime_dirs[-1]),
    ("%flux-shapes", config.python_executable + " " + os.path.join(config.flux_source_dir, "bench/compiler/shapes.py")),
    ("%flux-proofs", config.flux_proofs_dir),
    ("%flux-pages", config.flux_pages_dir),
    ("%flux-tools", config.flux_tools_dir),
    ("%coqc", config.coqc),
    ("%flux-utils", os.path.join(config.flux_source_dir, "utils")),
]
llvm_config.add_tool_substitutions(
    ["flux-agreement", "flux-lsp-server", "flux-mlir-lsp-server", "flux-opt", "flux-translate", "fluxc", "mlir-translate",
     "llvm-readelf", "llvm-as", "llvm-nm", "llvm-dwarfdump", "llvm-objdump"],
    [config.flux_tools_dir, config.llvm_tools_dir])

# Programs made for this machine run on it, and other tools that a machine may lack.
if config.host_triple == config.target_triple:
    config.available_features.add("native")
for tool in ["dot", "gcc", "clang-22", "clangd-22"]:
    if shutil.which(tool):
        config.available_features.add(tool)
# Built only where Coq is.
flux_check = os.path.join(config.flux_tools_dir, "flux-check")
if os.path.exists(flux_check):
    config.substitutions.append((r"(?<![\w-])flux-check(?![\w-])", flux_check))
    config.available_features.add("flux-check")

# Built only where OpenSSL is.
if os.path.exists(os.path.join(runtime_dirs[-1], "libflux-tls.a")):
    config.available_features.add("tls")
# Built only where nghttp2 is.
if os.path.exists(os.path.join(runtime_dirs[-1], "libflux-http2.a")):
    config.available_features.add("http2")

# The format of the examples' tests.
sys.path.insert(0, os.path.join(config.flux_source_dir, "utils"))

# Programs that hang are bugs too.
lit_config.maxIndividualTestTime = 300
