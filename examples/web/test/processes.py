"""What a server and the processes that it has started use, as /proc shows it."""

import os


def tree(pid):
    """The process and its descendants. Those that end meanwhile may be missing."""
    found, new = [], [pid]
    while new:
        found += new
        new = [child for parent in new for child in children(parent)]
    return found


def children(pid):
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as children:
                found += map(int, children.read().split())
    except FileNotFoundError:
        pass
    return found


def memory_kb(pid):
    """Resident memory without files and code; what the processes share is counted once."""
    total = 0
    for each in tree(pid):
        with open(f"/proc/{each}/smaps_rollup") as rollup:
            total += sum(int(line.split()[1]) for line in rollup if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
    return total


def cpu_seconds(pid):
    ticks = 0
    for each in tree(pid):
        with open(f"/proc/{each}/stat") as stat:
            fields = stat.read().rsplit(") ", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
