"""contestants.py - web servers under test: how each is built, configured and started for a fair comparison.

All serve the files of one directory on loopback, without access logs, with keep-alive connections that are never cut
for their age. A peer that is not installed is named with its Debian package.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
BUILT = os.path.join(TOP, "build", "bench", "servers")
sys.path.insert(0, os.path.join(TOP, "examples", "web", "test"))
sys.path.insert(0, os.path.join(TOP, "utils"))
import models  # noqa: E402
import processes  # noqa: E402
import with_server  # noqa: E402

MODELS = [model.name for model in models.models()]

NGINX_CONFIG = """
worker_processes {workers};
daemon off;
pid {prefix}/nginx.pid;
error_log {prefix}/error.log;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  open_file_cache {cache};
  client_body_temp_path {prefix}/body;
  proxy_temp_path {prefix}/proxy;
  fastcgi_temp_path {prefix}/fastcgi;
  uwsgi_temp_path {prefix}/uwsgi;
  scgi_temp_path {prefix}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Contestant:
    """A running server."""

    def __init__(self, name, command, cores, port):
        self.name, self.port = name, port
        self.process = subprocess.Popen(["taskset", "-c", cores, *command], stdout=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.02)
        self.stop()
        sys.exit(f"{name} did not start")

    def cpu_seconds(self):
        """What the server and its workers have used; unlike the clock it does not count what others do meanwhile."""
        return processes.cpu_seconds(self.process.pid)

    def memory_kb(self):
        return processes.memory_kb(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            sys.exit(f"{self.name} did not end within 20 s of SIGTERM")


H2O_CONFIG = """
listen: {{host: 127.0.0.1, port: {port}}}
num-threads: {workers}
user: root
pid-file: {prefix}/h2o.pid
error-log: {prefix}/error.log
http1-request-timeout: 60
hosts:
  default:
    paths:
      /: {{file.dir: {root}}}
"""

LIGHTTPD_CONFIG = """
server.document-root = "{root}"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{prefix}/error.log"
server.max-keep-alive-requests = 65535
server.max-keep-alive-idle = 60
server.network-backend = "sendfile"
server.max-fds = 16384
"""


def write_config(name, text, options, root, directory, **more):
    """Writes a server's configuration; returns its directory, its file and its port."""
    port = free_port()
    prefix = os.path.join(directory, name)
    os.makedirs(prefix)
    config = os.path.join(prefix, name + ".conf")
    with open(config, "w") as file:
        file.write(text.format(workers=options.workers, prefix=prefix, port=port, root=root, **more))
    return prefix, config, port


def nginx(options, root, directory):
    cache = "max=1000 inactive=60s" if options.open_file_cache else "off"
    prefix, config, port = write_config("nginx", NGINX_CONFIG, options, root, directory, cache=cache)
    # Started as root its workers would become another user, who may not read a temporary directory.
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    command = [need("nginx", "nginx-light"), "-p", prefix, "-c", config, "-e", prefix + "/error.log", *user]
    return Contestant("nginx", command, options.server_cores, port)


def h2o(options, root, directory):
    _, config, port = write_config("h2o", H2O_CONFIG, options, root, directory)
    return Contestant("h2o", [need("h2o", "h2o"), "-c", config], options.server_cores, port)


def lighttpd(options, root, directory):
    _, config, port = write_config("lighttpd", LIGHTTPD_CONFIG, options, root, directory)
    command = [need("lighttpd", "lighttpd"), "-D", "-f", config]
    return Contestant("lighttpd", command, options.server_cores, port)


def need(tool, package):
    path = shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/sbin")
    return path or sys.exit(f"{tool} is not installed (Debian's package {package})")


def built(name, source, command):
    """The program made from a source beside this file; made again when the source is newer."""
    program = os.path.join(BUILT, name)
    source = os.path.join(HERE, source)
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        os.makedirs(BUILT, exist_ok=True)
        subprocess.run([*command, "-o", program, source], check=True)
    return program


def own(name, source, command):
    """A contestant from a program of ours that takes a port and a directory."""

    def start(options, root, _):
        port = free_port()
        return Contestant(name, [built(name, source, command), str(port), root], options.server_cores, port)

    return start


def flux(name):
    model, _, label = name.partition("@")

    def start(options, root, _):
        if label and label not in options.builds:
            sys.exit(f"'{name}': no --build={label}=FLUXC")
        fluxc = options.builds[label] if label else options.fluxc
        server = with_server.build([fluxc], model, os.path.join(TOP, "build", "examples", "web"))
        port = free_port()
        command = [server, f"--root={root}", "--address=127.0.0.1", f"--port={port}", "--idle-timeout=600",
                   *options.flux_option]
        return Contestant(name, command, options.server_cores, port)

    return start


PEERS = {
    "nginx": nginx,
    "h2o": h2o,
    "lighttpd": lighttpd,
    "limit": own("limit", "limit/limit.c", ["cc", "-O2"]),
    "go": own("go", "go/server.go", ["go", "build"]),
    "beast": own("beast", "beast/server.cpp", ["c++", "-O2", "-std=c++17"]),
}


def start(name, options, root, directory):
    """Starts a peer, or the Flux server of the model of that name; of MODEL@LABEL, as another fluxc builds it."""
    return PEERS.get(name, flux(name))(options, root, directory)


def parser(description):
    """The options that every comparison has."""
    last = (os.cpu_count() or 1) - 1
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fluxc", default=with_server.DEFAULT_FLUXC)
    parser.add_argument("--build", action="append", default=[], metavar="LABEL=FLUXC",
                        help="another fluxc, with its runtime, that builds the servers called MODEL@LABEL")
    parser.add_argument("--base", default="nginx", help="the server that the ratios refer to")
    parser.add_argument("--server-cores", default="0")
    parser.add_argument("--wrk-cores", default=str(last))
    parser.add_argument("--workers", type=int, default=1, help="of nginx and h2o")
    parser.add_argument("--no-open-file-cache", dest="open_file_cache", action="store_false", help="nginx's is turned off")
    parser.add_argument("--flux-option", action="append", default=[], help="an option for the Flux servers")
    return parser


def parse(parser):
    """Parses the command line; the base is always among the servers."""
    options = parser.parse_args()
    options.servers = options.servers.split(",")
    options.builds = dict(each.split("=", 1) for each in options.build)
    if options.base not in options.servers:
        options.servers.insert(0, options.base)
    need("wrk", "wrk"), need("taskset", "util-linux")
    return options
