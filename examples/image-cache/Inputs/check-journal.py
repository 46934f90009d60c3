"""Checks that a journal of the image cache has a whole line for each request."""
import re
import sys

with open(sys.argv[1]) as journal:
    lines = journal.read().splitlines()
broken = [line for line in lines if not re.fullmatch(r"\d+ (32|64)", line)]
if len(lines) != 2000 or broken:
    sys.exit(f"{len(lines)} lines, of which {len(broken)} are not whole: {broken[:3]}")
