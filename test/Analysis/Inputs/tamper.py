"""Takes from a proof one thing after the other that its eliminations list, and has what is left checked each time: nothing is
listed without need.

usage: tamper.py CHECKER PROOF GRAPH
"""

import copy
import importlib.util
import json
import sys

spec = importlib.util.spec_from_file_location("checker", sys.argv[1])
checker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(checker)
proof, graph = (json.load(open(path, encoding="utf-8")) for path in sys.argv[2:])


def judge(proof):
    try:
        checker.check(proof, graph)
    except checker.Refused as reason:
        return str(reason)
    return "accepted"


def without(path):
    tampered = copy.deepcopy(proof)
    *parents, last = path
    place = tampered["eliminations"]
    for key in parents:
        place = place[key]
    del place[last]
    return tampered


print("untouched:", judge(proof))
for number, step in enumerate(proof["eliminations"]):
    for key in ("own", "other", "shared"):
        for item in range(len(step[key])):
            print(f"without {key}:", judge(without((number, key, item))))
    for key in ("may", "must"):
        for lock in step["point"][key]:
            print(f"with less in {key}:", judge(without((number, "point", key, lock))))
