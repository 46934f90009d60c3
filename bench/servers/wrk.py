"""wrk.py - one run of the load generator wrk, as numbers."""

import re
import subprocess
import sys

MICROSECONDS = {"us": 1, "ms": 1e3, "s": 1e6}


def cores_of(text):
    """The processors of a list as taskset takes it, such as 0,2-3."""
    ranges = [part.split("-") for part in text.split(",")]
    return {core for part in ranges for core in range(int(part[0]), int(part[-1]) + 1)}


class Result:
    """What `connections` clients measured at a contestant for some seconds: rate, latency by percentile in microseconds,
    and the processor time of a request, in microseconds, too. Wrong answers end the program."""

    def __init__(self, contestant, path, options, connections, headers=(), resets=False):
        before = contestant.cpu_seconds()
        threads = min(len(cores_of(options.wrk_cores)), connections)
        command = ["taskset", "-c", options.wrk_cores, "wrk", f"-t{threads}", f"-c{connections}", f"-d{options.seconds}s",
                   "--timeout=60s", "--latency", *headers, f"http://127.0.0.1:{contestant.port}/{path}"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in output or ("Socket errors" in output and not resets):
            sys.exit(f"{contestant.name} gave wrong answers:\n{output}")
        found = re.findall(r"(\d+)%\s+([\d.]+)(us|ms|s)\b", output)
        self.latency = {percentile: float(value) * MICROSECONDS[unit] for percentile, value, unit in found}
        requests = int(re.search(r"(\d+) requests in", output).group(1))
        self.cpu = (contestant.cpu_seconds() - before) * 1e6 / max(requests, 1)
        self.rate = float(re.search(r"Requests/sec:\s*([\d.]+)", output).group(1))
