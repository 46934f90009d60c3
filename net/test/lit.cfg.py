# Servers that use flux/net, on every model, each beside a client in Python that starts and stops it.
import glob
import os
import shutil
import subprocess

lit_config.load_config(config, os.path.join(os.path.dirname(__file__), "..", "..", "runtime", "test", "conformance", "lit.cfg.py"))
config.test_source_root = os.path.dirname(__file__)

# A client is this machine's, and runs its server as the machine that it is made for wants it.
config.environment["FLUX_EMULATOR"] = config.flux_emulator
config.substitutions.insert(0, ("%run %python", f"timeout --kill-after=10 120 {config.python_executable}"))

if glob.glob(os.path.join(config.flux_runtime_dir, "libflux-tls*.a")):
    config.available_features.add("tls")
else:
    lit_config.note("OpenSSL is not installed for these servers, so tests of TLS are left out: see scripts/setup")

clients = [[config.python_executable, "-c", "import h2, hyperframe, hpack"], ["curl", "--version"], ["nghttp", "--version"],
           ["h2load", "--version"]]
if not glob.glob(os.path.join(config.flux_runtime_dir, "libflux-http2*.a")):
    lit_config.note("nghttp2 is not installed for these servers, so tests of HTTP/2 are left out: see scripts/setup")
elif missing := [client[-1] for client in clients if not shutil.which(client[0]) or subprocess.run(client, capture_output=True).returncode]:
    lit_config.note(f"there is no client of HTTP/2 ({', '.join(missing)}), so tests of it are left out: see scripts/setup")
elif "tls" in config.available_features:
    config.available_features.add("http2")
