"""What a server and the processes that it has started use, as /proc shows it. Some may end while one looks."""

import os

GONE = (FileNotFoundError, ProcessLookupError)


def tree(pid):
    """The process and its descendants."""
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
    except GONE:
        pass
    return found


def lines(pid, name):
    try:
        with open(f"/proc/{pid}/{name}") as file:
            return file.readlines()
    except GONE:
        return []


def memory_kb(pid):
    """Resident memory without files and code; what the processes share is counted once."""
    kinds = ("Pss_Anon:", "Pss_Shmem:")
    return sum(int(line.split()[1]) for each in tree(pid) for line in lines(each, "smaps_rollup") if line.startswith(kinds))


def cpu_seconds(pid):
    ticks = 0
    for each in tree(pid):
        for line in lines(each, "stat"):
            user, system = line.rsplit(") ", 1)[1].split()[11:13]
            ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")
