"""Proofs and programs that flux-check must refuse, each made from a good pair by one change.

    refusals.py FLUX-CHECK (PROOF.json GRAPH.json){3}

The first pair is that of handled.flux, whose handler 1 is idle; the second that of nested.flux, where ranks count; the
third that of sessions.flux, whose proof has eliminations, and nothing in them that it could do without. A proof that does not hold gives exit status 1, a file that is
not what docs/Json.md says 2; both one line that says why, and never a trace.
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

CHECK, PROOF, GRAPH = sys.argv[1], *(pathlib.Path(path).read_text() for path in sys.argv[2:4])
proof, graph = json.loads(PROOF), json.loads(GRAPH)
ranked, eliminating = ([json.loads(pathlib.Path(path).read_text()) for path in pair] for pair in (sys.argv[4:6], sys.argv[6:8]))
# What a proof is not about, and what only other readers use.
UNREAD = {"location", "includes", "predicates", "inputs", "outputs", "blocking", "session"}

complaints, counts = [], {0: 0, 1: 0, 2: 0}


def run(proof, graph):
    """Returns the exit status and all output; either may be text or what json.dumps takes."""
    with tempfile.TemporaryDirectory() as directory:
        paths = []
        for name, content in ("proof.json", proof), ("graph.json", graph):
            paths.append(pathlib.Path(directory) / name)
            if not isinstance(content, bytes):
                content = (content if isinstance(content, str) else json.dumps(content)).encode()
            paths[-1].write_bytes(content)
        result = subprocess.run([CHECK, *paths], capture_output=True, timeout=120)
    return result.returncode, (result.stdout + result.stderr).decode(errors="replace").replace(directory + "/", "")


def expect(why, statuses, message, proof=proof, graph=graph):
    status, output = run(proof, graph)
    lines = output.splitlines()
    counts[status] = counts.get(status, 0) + 1
    if status not in statuses or message not in output or len(lines) != 1 or "xception" in output or "Fatal" in output:
        complaints.append(f"{why}: exit status {status}, {output!r}; expected {statuses} and {message!r}")


def changed(original, change):
    copied = copy.deepcopy(original)
    change(copied)
    return copied


def flow(proof, name):
    return next(entry for entry in proof["flows"] if entry["name"] == name)


def put(tree, path, value):
    for key in path[:-1]:
        tree = tree[key]
    tree[path[-1]] = value


def places(tree, path=()):
    """The paths of all values."""
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if key in UNREAD:
            continue
        yield path + (key,), value
        if isinstance(value, (dict, list)):
            yield from places(value, path + (key,))


expect("the pair itself", [0], "the proof holds: 3 points, 0 eliminated, 3 left")

# What the proof says of handlers: more are idle, another one is, none is, and one that is not there.
expect("Log idle", [1], "an error may reach handler 'Log'", changed(proof, lambda p: p["idle"].append(2)))
expect("Retry idle", [1], "an error may reach handler 'Retry'", changed(proof, lambda p: p.update(idle=[0])))
expect("none idle", [1], "in a circle", changed(proof, lambda p: p.update(idle=[])))
expect("idle 3", [1], "about other handlers", changed(proof, lambda p: p.update(idle=[3])))

# The same of another program: the handler that takes the errors is gone, elsewhere, or takes only the flow's; or the
# flow has errors of its own.
other = "an error may reach handler 'Failed'"
expect("no Retry", [1], other, graph=changed(graph, lambda g: put(g, ("handlers", 0, "path"), ["Done"])))
expect("Retry in Back", [1], other, graph=changed(graph, lambda g: put(g, ("handlers", 0, "path"), ["Back", "Work"])))
expect("Retry in order", [1], other,
       graph=changed(graph, lambda g: put(g, ("handlers", 0, "path"), ["Forth", "Reader", "Work"])))
expect("Retry of Reader", [1], other, graph=changed(graph, lambda g: put(g, ("handlers", 0, "path"), ["Reader"])))
expect("no match", [1], other, graph=json.dumps(graph).replace('"pattern": ["_"]', '"pattern": ["small"]'))
# But everywhere within Reader is wide enough.
expect("Retry in Reader", [0], "holds",
       graph=changed(graph, lambda g: put(g, ("handlers", 0, "path"), ["Reader", "Forth", "Work"])))

# Contexts: what is held shrunk, more claimed than is certain, reading forgotten, and places that are not there.
held = proof["contexts"].index({"may": {"a": "read"}, "must": {"a": "read"}, "reading": ["a"]})
elsewhere = "flow 'Forth' is entered in another context, too"
for why, context in {
    "nothing held": {"may": {}, "must": {}, "reading": []},
    "b held, too": {"may": {"a": "read", "b": "write"}, "must": {"a": "read", "b": "write"}, "reading": ["a"]},
    "a written": {"may": {"a": "write"}, "must": {"a": "write"}, "reading": ["a"]},
    "a not read": {"may": {"a": "read"}, "must": {"a": "read"}, "reading": []},
}.items():
    expect(why, [1], elsewhere, changed(proof, lambda p: put(p, ("contexts", held), context)))
expect("entered nowhere", [1], elsewhere, changed(proof, lambda p: flow(p, "Forth").update(entered=[], regions=[])))
expect("no context", [1], "flow 'Forth' uses a context that is not there",
       changed(proof, lambda p: flow(p, "Forth").update(entered=[9])))
expect("no region context", [1], "flow 'Forth' uses a context that is not there",
       changed(proof, lambda p: flow(p, "Forth").update(regions=[[9]])))
expect("regions of one context", [1], "flow 'Forth' needs its regions once per context",
       changed(proof, lambda p: flow(p, "Forth").update(regions=[])))
expect("fewer regions", [1], "flow 'Forth' has more regions than the proof",
       changed(proof, lambda p: flow(p, "Forth").update(regions=[[]])))
expect("more regions", [1], "flow 'Forth' has fewer regions than the proof",
       changed(proof, lambda p: flow(p, "Forth").update(regions=[[held, held]])))
expect("another region", [1], "flow 'Forth' may hold something else at a region",
       changed(proof, lambda p: flow(p, "Forth").update(regions=[[0]])))
expect("unknown lock", [1], "the proof names lock 'z', which the program does not have",
       changed(proof, lambda p: p["contexts"][held]["may"].update(z="read")))

# Flows: one missing, two with one index, and one that calls an earlier one.
expect("flow missing", [1], "about other flows than the program has", changed(proof, lambda p: p["flows"].pop()))
expect("index shared", [1], "flow 'Page' shares its index with another",
       changed(proof, lambda p: flow(p, "Reader").update(index=0)))
expect("callee first", [1], "flow 'Reader' may reach itself",
       changed(proof, lambda p: (flow(p, "Reader").update(index=9))))

# Ranks: of other locks, shared, and other than the program's, where it has any.
expect("lock unranked", [1], "ranks other locks", changed(proof, lambda p: p["ranks"].pop("c")))
expect("rank shared", [1], "two locks share a rank", changed(proof, lambda p: p["ranks"].update(b=0)))
expect("other ranks", [1], "the program has other ranks", changed(proof, lambda p: p["ranks"].update(a=1, b=0)))
expect("a lock unranked", [1], "ranks only some of its locks", graph=changed(graph, lambda g: put(g, ("locks", 0, "rank"), None)))


def no_ranks(graph):
    for lock in graph["locks"]:
        lock["rank"] = None


expect("without ranks", [0], "holds", graph=changed(graph, no_ranks))
expect("ranks swapped", [1], "in a circle",
       changed(ranked[0], lambda p: p["ranks"].update(a=1, b=0)), changed(ranked[1], no_ranks))

# Another program: a lock exchanged, one written that is held for reading.
region = next(path for path, value in places(graph) if path[-1] == "holds" and value == [{"lock": "b", "mode": "write"}])
expect("lock exchanged", [1], "is entered in another context, too",
       graph=json.dumps(graph).replace('"holds": [{"lock": "a", "mode": "read"}]', '"holds": [{"lock": "c", "mode": "read"}]'))
expect("upgrade", [1], "flow 'Forth' writes 'a' where it may hold it for reading",
       graph=changed(graph, lambda g: put(g, region, [{"lock": "a", "mode": "write"}])))

# Programs that are none: names that are not there or there twice.
expect("unknown callee", [2], "no node or flow is called 'Nobody'", graph=json.dumps(graph).replace('"callee": "Work"', '"callee": "Nobody"', 1))
expect("unknown lock", [2], "no lock is called 'z'", graph=changed(graph, lambda g: put(g, region, [{"lock": "z", "mode": "read"}])))
expect("unknown mode", [2], "expected 'read' or 'write', found 'see'", graph=changed(graph, lambda g: put(g, region, [{"lock": "a", "mode": "see"}])))
expect("unknown scope", [2], "expected 'session' or 'program', found 'all'", graph=changed(graph, lambda g: g["locks"][0].update(scope="all")))
expect("unknown step", [2], "expected 'call' or 'constrained' or 'dispatch', found 'jump'", graph=json.dumps(graph).replace('"kind": "call"', '"kind": "jump"', 1))
expect("unknown target", [2], "no node or flow is called 'Nobody'", graph=changed(graph, lambda g: g["sources"][0].update(target="Nobody")))
expect("empty path", [2], "the path of a handler is empty", graph=changed(graph, lambda g: put(g, ("handlers", 0, "path"), [])))
expect("lock twice", [2], "second lock 'a'", graph=changed(graph, lambda g: g["locks"].append(g["locks"][0])))
expect("node twice", [2], "second node or flow 'Work'", graph=changed(graph, lambda g: g["nodes"].append({"name": "Work"})))
expect("flow and node", [2], "second node or flow 'Page'", graph=changed(graph, lambda g: g["nodes"].append({"name": "Page"})))
for version, message in {0: "version 0 is not known", 99: "version 99 is not known", 10**30: "expected a natural number up to",
                         -1: "found -1", 1.5: "found 1.5"}.items():
    expect(f"version {version}", [2], message, changed(proof, lambda p: p.update(version=version)))
    expect(f"version {version}", [2], message, graph=changed(graph, lambda g: g.update(version=version)))

# Eliminations: without any one thing that they say, in another order, twice, and of points that are none.
steps = eliminating[0]["eliminations"]


def expect_steps(why, statuses, message, change):
    expect(f"eliminations {why}", statuses, message, changed(eliminating[0], change), eliminating[1])


def take_out(tree, path):
    for key in path[:-1]:
        tree = tree[key]
    del tree[path[-1]]


expect_steps("as they are", [0], "eliminated", lambda p: None)
expect_steps("none", [1], "in a circle", lambda p: p.update(eliminations=[]))
expect_steps("twice", [1], "the proof eliminates a point twice", lambda p: p["eliminations"].append(steps[0]))
ranks = eliminating[0]["ranks"]
for number, step in enumerate(steps):
    for key in "own", "other", "shared":
        for item in range(len(step[key])):
            expect_steps(f"without {number} {key} {item}", [1], "does not hold",
                         lambda p: take_out(p, ("eliminations", number, key, item)))
    # A point that rises may as well stay.
    if any(ranks[lock] > ranks[step["point"]["lock"]] for lock in step["point"]["may"]):
        expect_steps(f"without {number}", [1], "", lambda p: take_out(p, ("eliminations", number)))
        for key in "may", "must":
            for lock in step["point"][key]:
                expect_steps(f"without {number} {key} {lock}", [1], "",
                             lambda p: take_out(p, ("eliminations", number, "point", key, lock)))
expect_steps("of an unknown lock", [1], "the proof names lock 'z'", lambda p: put(p, ("eliminations", 0, "point", "lock"), "z"))
expect_steps("of an upgrade", [1], "a point wants", lambda p: p["eliminations"].append(
    {**steps[0], "point": {**steps[0]["point"], "may": {steps[0]["point"]["lock"]: "read"}}}))


# Every value exchanged for others of another type, and left out.
WRONG = [None, True, -1, 1e300, "\u0000", [], {}, [[]]]


def exchange_all(name, pair, below):
    turn = 0
    part = "proof" if name != "graph" else "graph"
    tree = pair[part == "graph"]
    for path, value in places(tree):
        if path[: len(below)] != below:
            continue
        where = f"{name} {'.'.join(map(str, path))}"

        def expect_change(why, statuses, message, change):
            proof, graph = pair
            if part == "proof":
                expect(f"{where} {why}", statuses, message, changed(proof, change), graph)
            else:
                expect(f"{where} {why}", statuses, message, proof, changed(graph, change))

        # A few each, so that all have their turn.
        turn = turn + 3
        for wrong in (WRONG + WRONG)[turn % len(WRONG) :][:3]:
            # A value of the same type may be another program, and no rank is no mistake.
            if type(wrong) is not type(value) and not (path[-1] == "rank" and wrong is None):
                expect_change(f"= {wrong!r}", [1, 2], "", lambda tree: put(tree, path, wrong))
        # Names are keys in the sets of locks and in the ranks.
        if isinstance(path[-1], str) and not {"ranks", "may", "must"} & set(path[-2:-1]):
            expect_change("left out", [2], f"member '{path[-1]}' is missing", lambda tree: take_out(tree, path))


exchange_all("proof", (proof, graph), ())
exchange_all("graph", (proof, graph), ())
exchange_all("eliminations", eliminating, ("eliminations", 0))

# Text that is no JSON: cut off anywhere, followed by more, with a member twice, or odd in one of many ways.
for name, text in ("proof", PROOF.rstrip()), ("graph", GRAPH.rstrip()):
    for end in range(0, len(text), 1 + len(text) // 40):
        expect(f"{name} of {end} bytes", [2], f"flux-check: {name}.json:", **{name: text[:end]})
    expect(f"more behind the {name}", [2], "expected nothing more", **{name: text + " 1"})
    expect(f"{name} twice", [2], "expected nothing more", **{name: text + text})
expect("member twice", [2], "second member 'idle'", PROOF.replace('"idle":', '"idle":[1],"idle":', 1))
expect("escaped twin", [2], "second member 'idle'", PROOF.replace('"idle":', '"idle":[1],"\\u0069dl\\u0065":', 1))
for odd in ["", " ", "\x00", "[", "[" * 100_000, '{"a":' * 100_000, "[1,]", "{1:2}", "{'version':1}", '{"version":1,}',
            '{version:1}', "// no\n{}", "/* no */ {}", "NaN", "[Infinity]", "nul", "tru", "[1 2]", '"\\x41"', '"\\u12"',
            '"\\ud800"', '"\\ud800\\u0041"', '"\\udc00"', '"\t"', '"\n"', '"open', '"\\"', "[01]", "[1.]", "[.5]", "[+1]", "[1e]",
            "[--1]", "[0x10]", "[1_000]", "\ufeff{}", b"\xff\xfe{\x00}\x00", b'{"\xc3\x28":1}', b'{"\xed\xa0\x80":1}', b'"\xf8\x88"']:
    expect(f"{odd[:30]!r}", [2], "flux-check: proof.json:1:", odd)
    expect(f"{odd[:30]!r}", [2], "flux-check: graph.json:", graph=odd)

# Numbers where they are wanted: only as JSON has them.
for number in "00", "0.", ".0", "+0", "-", "0x0", "0_0", "0e", "1e-", "infinity", "nan", "1e999":
    expect(f"index {number}", [2], "flux-check: proof.json:1:", PROOF.replace('"index":0', f'"index":{number}', 1))
for number in "0.0", "0e9", "-0":
    expect(f"index {number}", [0], "holds", PROOF.replace('"index":0', f'"index":{number}', 1))

# Escapes are what they stand for.
expect("escaped", [0], "holds", PROOF.replace('"version"', '"\\u0076ers\\u0069on"').replace('"Page"', '"\\u0050age"'))
expect("other name", [1], "about other flows", PROOF.replace('"Page"', '"\\ud83d\\ude00"'))

print(f"{counts.pop(0)} accepted, {counts.pop(1)} refused, {counts.pop(2)} not read, {sum(counts.values())} otherwise")
if complaints:
    sys.exit("\n".join(complaints))
