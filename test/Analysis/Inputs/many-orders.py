"""Prints a program in which a flow waits over LAYERS locks, each of which one of four flows may hold, for flows that
exclude each other in pairs. No way through them is a circle, but nothing shorter than to try all ways shows that.
"""

import sys

layers = int(sys.argv[1])

# Of each two flows that follow each other at the end, and of the outer two, those that share a lock do not run at once.
PAIRS = [
    ("XA", "x1y2, x1z1", "a", "b"),
    ("XB", "x2y1, x2z2", "a", "b"),
    ("YA", "x2y1, y1z2", "b", "c"),
    ("YB", "x1y2, y2z1", "b", "c"),
    ("ZA", "x1z1, y2z1", "c", "d"),
    ("ZB", "y1z2, x2z2", "c", "d"),
]


def write_flow(name, *constraints):
    print(f"source Listen => {name}0;")
    for depth, locks in enumerate(constraints):
        inner = f"{name}{depth + 1}" if depth + 1 < len(constraints) else "Work"
        print(f"{name}{depth} = {inner};\nconstraint {name}{depth}:{{{locks}}};")


print("Listen () => (int a);\nWork (int a) => ();")
chain = [f"l{layer}" for layer in range(layers)] + ["a"]
write_flow("Start", "d", chain[0])
for held, wanted in zip(chain, chain[1:]):
    for which in range(4):
        write_flow(f"In_{held}_{which}_", f"{held}, reader{which}?", wanted)
for flow in PAIRS:
    write_flow(*flow)
