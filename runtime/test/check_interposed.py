#!/usr/bin/env python3
"""Holds what is said elsewhere of the calls that posix/ interposes against the one list of them, interposed.def.

  check_interposed.py INTERPOSED.DEF LIBFLUX-MODEL.A WRITINGNODES.MD [KNOWNFUNCTIONS.DEF]

The archive, one of a model with event loops, defines what is in the list and no other function of libc; the page has a
row for every call, and none for others, in the table of what the call does; the compiler knows that those block which
may break a promise.
"""
import re
import subprocess
import sys

# The heading of the page below which calls stand that do this to a promise.
HEADINGS = {"Waits": "What parks the flow", "Disk": "What goes to a helper", "None": "What else is stood in for"}
# And the one below which calls stand that nothing is done about.
LEFT_ALONE = "What keeps the loop"


def listed(path):
    """The effect of each call by name, and the aliases."""
    entries = re.findall(r"^FLUX_(\w+)\((\w+), (\w+)\)$", open(path).read(), re.MULTILINE)
    calls = {name: effect for kind, name, effect in entries if kind != "ALIAS"}
    aliases = {name: of for kind, name, of in entries if kind == "ALIAS"}
    return calls, aliases


def defined(archive):
    """The functions that the objects of posix/ define, Flux's own left out."""
    text = subprocess.run(["nm", "--defined-only", archive], check=True, capture_output=True, text=True).stdout
    names = set()
    for member in re.split(r"\n(?=\S+\.o:\n)", text):
        if re.match(r"\s*interpose_\w+", member):
            names |= set(re.findall(r" T (\w+)$", member, re.MULTILINE))
    return {name for name in names if not name.startswith("_ZN4flux")}


def documented(page):
    """For each heading the calls that the first column of the tables below it names, or the items of a list."""
    found, heading = {}, None
    for line in open(page):
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        elif line.startswith(("|", "* ")):
            column = line.split("|")[1] if line.startswith("|") else line
            found.setdefault(heading, []).extend(re.findall(r"`(\w+)`", column))
    return found


def findings_on_page(calls, page):
    """A call whose name ends in 64 is documented by the one without."""
    rows = documented(page)
    wanted = {heading: set() for heading in HEADINGS.values()}
    for name, effect in calls.items():
        if not name.startswith("__"):
            wanted[HEADINGS[effect]].add(re.sub("64$", "", name))
    for heading, names in wanted.items():
        found = rows.get(heading, [])
        for name in sorted(names - set(found)):
            yield f"{name} is listed, but {page} has no row for it below '{heading}'"
        for name in sorted(set(found) - names):
            yield f"{name} has a row of {page} below '{heading}', but is not listed so"
        for name in sorted({name for name in found if found.count(name) > 1}):
            yield f"{name} stands twice in {page} below '{heading}'"
    for name in rows.get(LEFT_ALONE, []):
        if name in calls:
            yield f"{name} is listed, but stands in {page} below '{LEFT_ALONE}'"


def findings(calls, aliases, archive, page, known):
    every = calls.keys() | aliases.keys()
    found = defined(archive)
    for name in sorted(found - every):
        yield f"{name} is defined, but not listed"
    for name in sorted(every - found):
        yield f"{name} is listed, but not defined"
    for name, of in sorted(aliases.items()):
        if of not in calls:
            yield f"{name} is an alias of {of}, which is not listed"
    yield from findings_on_page(calls, page)
    if known:
        blocks = set(re.findall(r'^FLUX_BLOCKS\("(\w+)"\)', open(known).read(), re.MULTILINE))
        for name in sorted(every):
            if calls[aliases.get(name, name)] != "None" and name not in blocks:
                yield f"{name} may break a promise, but {known} does not say that it blocks"


def main():
    definitions, archive, page, *known = sys.argv[1:]
    found = list(findings(*listed(definitions), archive, page, known[0] if known else None))
    for finding in found:
        print(f"check_interposed: {finding}", file=sys.stderr)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
