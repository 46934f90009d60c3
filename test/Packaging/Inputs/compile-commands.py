"""Runs the commands of a compile_commands.json for files whose path has a part, without writing objects, and names the files.

    compile-commands.py FILE PART
"""

import json
import shlex
import subprocess
import sys

for entry in json.load(open(sys.argv[1])):
    if sys.argv[2] in entry["file"]:
        command = shlex.split(entry["command"]) + ["-fsyntax-only"]
        subprocess.run(command, cwd=entry["directory"], check=True)
        print(entry["file"])
