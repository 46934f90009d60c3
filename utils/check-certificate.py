#!/usr/bin/env python3
"""Checks a proof that a Flux program cannot deadlock, without the compiler that made it.

    flux-opt --verify-deadlock-free=certificate=proof.json server.flux
    flux-translate --flux-to-json server.flux -o graph.json
    check-certificate.py proof.json graph.json

The proof says in which contexts each flow may be entered: what it may hold then, what it must hold, and what it may hold
for reading only; which handlers no error reaches; and in which order the places where flows wait are eliminated, because
no flow there can wait for itself. Here that is checked, not believed:

  1. the ranks are those of the graph's locks, if it has any, and differ;
  2. sources enter their flows holding nothing; every flow has a greater index than those that call it; and what is held at
     a call, and at each region, is covered by a context that the proof gives for it;
  3. every error that could reach a handler that is said to be idle is certain to be taken by another one before;
  4. no region asks to write what may be held for reading;
  5. each elimination lists every lock for which flows wait that wait, over others, for the eliminated place, and none that
     is held there; and at the places that are left everybody waits for a lock behind all that he holds.

docs/Json.md describes both files. `--pairs FILE` checks lines of {"certificate": ..., "graph": ...} instead.
"""

import argparse
import json
import sys
from collections import namedtuple

Context = namedtuple("Context", "may must reading")
# A place where a flow has to wait for the lock `wanted`; sets of locks with modes.
Point = namedtuple("Point", "may must wanted mode")

NOTHING = Context({}, {}, frozenset())

# The lists of an elimination: locks that are waited for in the flow's session, in others, and in all.
WAITED_FOR = ("own", "other", "shared")


class Refused(Exception):
    """The proof does not hold; says why."""


def require(condition, message):
    if not condition:
        raise Refused(message)


def covers(wide, narrow):
    """Whether every flow that `narrow` describes is one that `wide` describes."""
    return (
        all(wide.may.get(lock) in (mode, "write") for lock, mode in narrow.may.items())
        and all(narrow.must.get(lock) in (mode, "write") for lock, mode in wide.must.items())
        and narrow.reading <= wide.reading
    )


class Checker:
    def __init__(self, certificate, graph):
        require(certificate["version"] == 2 and graph["version"] == 1, "this version is not known")
        self.graph = graph
        self.scopes = {lock["name"]: lock["scope"] for lock in graph["locks"]}
        self.ranks = certificate["ranks"]
        self.contexts = [Context(c["may"], c["must"], frozenset(c["reading"])) for c in certificate["contexts"]]
        self.proofs = {flow["name"]: flow for flow in certificate["flows"]}
        self.bodies = {flow["name"]: flow["body"] for flow in graph["flows"]}
        self.idle = set(certificate["idle"])
        self.eliminations = certificate["eliminations"]
        self.written = set()
        self.points = {}  # in the order in which they are found

    def check(self):
        self.check_ranks()
        self.check_flows()
        self.check_entries()
        for name in self.bodies:
            self.check_flow(name)
        self.check_idle()
        for index, handler in enumerate(self.graph["handlers"]):
            if index not in self.idle:
                self.enter(NOTHING, handler["holds"], f"handler '{handler['function']}'")
        self.check_circles()

    # Ranks, flows and where they are entered

    def check_ranks(self):
        require(self.ranks.keys() == self.scopes.keys(), "the proof ranks other locks than the program has")
        require(len(set(self.ranks.values())) == len(self.ranks), "two locks share a rank")
        in_order = sorted((lock for lock in self.graph["locks"] if lock["rank"] is not None), key=lambda l: l["rank"])
        require(len(in_order) in (0, len(self.ranks)), "the program ranks only some of its locks")
        expected = [lock["name"] for lock in in_order]
        require(not expected or sorted(self.ranks, key=self.ranks.get) == expected, "the program has other ranks")

    def check_flows(self):
        require(self.proofs.keys() == self.bodies.keys(), "the proof is about other flows than the program has")
        for name, proof in self.proofs.items():
            used = proof["entered"] + [context for regions in proof["regions"] for context in regions]
            require(all(0 <= c < len(self.contexts) for c in used), f"flow '{name}' uses a context that is not there")
            require(len(proof["entered"]) == len(proof["regions"]), f"flow '{name}' needs its regions once per context")

    def check_entries(self):
        for name in roots(self.graph) & self.bodies.keys():
            self.check_entry(name, NOTHING)

    def check_entry(self, name, held):
        entered = (self.contexts[context] for context in self.proofs[name]["entered"])
        require(any(covers(context, held) for context in entered), f"flow '{name}' is entered in another context, too")

    def check_idle(self):
        """Flows have been checked, so that callers have smaller indices."""
        handlers = self.graph["handlers"]
        require(all(0 <= index < len(handlers) for index in self.idle), "the proof is about other handlers")
        errors = Errors(self.graph, sorted(self.bodies, key=lambda name: self.proofs[name]["index"]))
        for index in self.idle & errors.find_reached():
            raise Refused(f"an error may reach handler '{handlers[index]['function']}'")

    # What is held where

    def check_flow(self, name):
        proof = self.proofs[name]
        for entry, regions in zip(proof["entered"], proof["regions"]):
            left = iter(regions)
            self.walk(name, self.bodies[name], self.contexts[entry], left)
            require(next(left, None) is None, f"flow '{name}' has fewer regions than the proof")

    def walk(self, name, body, held, regions):
        for step in body:
            if step["kind"] == "call" and step["callee"] in self.bodies:
                callee = self.proofs[step["callee"]]
                require(callee["index"] > self.proofs[name]["index"], f"flow '{name}' may reach itself")
                self.check_entry(step["callee"], held)
            elif step["kind"] == "constrained":
                region = next(regions, None)
                require(region is not None, f"flow '{name}' has more regions than the proof")
                require(covers(self.contexts[region], held), f"flow '{name}' may hold something else at a region")
                inside = self.enter(self.contexts[region], step["holds"], f"flow '{name}'")
                self.walk(name, step["body"], inside, regions)
            elif step["kind"] == "dispatch":
                for case in step["cases"]:
                    self.walk(name, case["body"], held, regions)

    def enter(self, held, holds, who):
        """The context within a region; notes where its flow may have to wait."""
        may, must, reading = dict(held.may), dict(held.must), set(held.reading)
        for hold in sorted(holds, key=lambda h: self.ranks[h["lock"]]):
            lock, mode = hold["lock"], hold["mode"]
            if mode == "write":
                self.written.add(lock)
                require(lock not in reading, f"{who} writes '{lock}' where it may hold it for reading")
            if lock not in must:
                self.add_point(may, must, lock, mode)
                if mode == "read":
                    reading.add(lock)
            for locks in (may, must):
                locks[lock] = "write" if locks.get(lock) == "write" else mode
        return Context(may, must, frozenset(reading))

    def add_point(self, may, must, wanted, mode):
        self.points[Point(frozenset(may.items()), frozenset(must.items()), wanted, mode)] = True

    # Circles

    def check_circles(self):
        # Whoever waits for a lock that nobody writes does not wait.
        waiting = (self.point(p.may, p.must, p.wanted, p.mode) for p in self.points if p.wanted in self.written)
        circles = Circles(dict.fromkeys(waiting), self.scopes)
        for step in self.eliminations:
            point = step["point"]
            who = self.point(point["may"].items(), point["must"].items(), point["lock"], point["mode"])
            circles.eliminate(who, *({(hold["lock"], hold["mode"]) for hold in step[key]} for key in WAITED_FOR))
        for point in circles.left:
            for lock, _ in point.may:
                require(
                    self.ranks[lock] < self.ranks[point.wanted],
                    f"flows that hold '{lock}' may wait for '{point.wanted}', which has a smaller rank",
                )

    def point(self, may, must, wanted, mode):
        """Nobody waits for a flow because of a lock that is never written, or because of the one that it waits for."""
        relevant = frozenset((lock, held) for lock, held in may if lock in self.written and lock != wanted)
        return Point(relevant, frozenset(must), wanted, mode)


class Errors:
    """Follows the errors of a program to the handlers that may take them.

    The way to a handler is the flows that must be running, one inside the other, for it to apply. At each place a flow
    may have been called through different others, so what is known of a way is how many of its flows are running, one
    after the other from the first on: at least and at most.
    """

    def __init__(self, graph, callers_first):
        self.roots = roots(graph)
        self.order = callers_first
        self.bodies = {flow["name"]: flow["body"] for flow in graph["flows"]}
        self.ways = [tuple(handler["path"][:-1]) for handler in graph["handlers"]]
        self.handlers = {}  # of each function, in the order in which they are asked
        for index in sorted(range(len(self.ways)), key=lambda index: -len(self.ways[index])):
            self.handlers.setdefault(graph["handlers"][index]["path"][-1], []).append(index)
        self.running = {}  # in each flow, for each handler: at least and at most
        self.failing = set()
        self.reached = set()

    def find_reached(self):
        outside = [(0, 0)] * len(self.ways)
        for name in self.roots & self.bodies.keys():
            self.enter(name, outside)
        for name in self.order:
            for callee in {step["callee"] for step in steps(self.bodies[name]) if step["kind"] == "call"}:
                if callee in self.bodies:
                    self.enter(callee, self.running[name])
        for name in reversed(self.order):
            if self.may_fail(self.bodies[name], self.running[name]):
                self.failing.add(name)
        for name in self.roots:
            self.call_may_fail(name, outside)
        return self.reached

    def enter(self, name, outside):
        inside = [
            tuple(count + (way[count : count + 1] == (name,)) for count in counts)
            for way, counts in zip(self.ways, outside)
        ]
        known = self.running.get(name, inside)
        self.running[name] = [(min(a, c), max(b, d)) for (a, b), (c, d) in zip(known, inside)]

    def may_fail(self, body, running):
        """Whether an error may leave these steps. All are looked at, for the handlers."""
        return any([self.step_may_fail(step, running) for step in body])

    def step_may_fail(self, step, running):
        if step["kind"] == "call":
            return self.call_may_fail(step["callee"], running)
        if step["kind"] == "constrained":
            return self.may_fail(step["body"], running)
        cases = [self.may_fail(case["body"], running) for case in step["cases"]]
        return any(cases) or not any(set(case["pattern"]) <= {"_"} for case in step["cases"])

    def call_may_fail(self, callee, running):
        if callee in self.bodies and callee not in self.failing:
            return False
        for index in self.handlers.get(callee, ()):
            least, most = running[index]
            if most == len(self.ways[index]):
                self.reached.add(index)
            if least == len(self.ways[index]):
                return False
        return True


class Circles:
    """Places where flows wait for each other, until one after the other is eliminated."""

    def __init__(self, points, scopes):
        self.scopes = scopes
        self.left = points
        self.holders = {}  # of each lock, with their modes; those that are eliminated included
        self.writers = {}  # of each lock, those that wait for it
        for point in points:
            for lock, mode in point.may:
                self.holders.setdefault(lock, []).append((point, mode))
            if point.mode == "write":
                self.writers.setdefault(point.wanted, []).append(point)

    def eliminate(self, who, own, other, shared):
        """Flows wait for `own` in the session of a flow at `who`, for `other` in other sessions, for `shared` in all."""
        require(who in self.left, f"no place where flows wait for '{who.wanted}' is left to be eliminated so")
        lists = {True: own, False: other}
        require(self.is_listed(who, own, shared), f"the elimination of a wait for '{who.wanted}' does not list that lock")
        for same_session, waited_for in lists.items():
            for lock, mode in sorted(waited_for | shared):
                for holder, held in self.holders.get(lock, ()):
                    if holder in self.left and self.waits(who, holder, lock, mode, held, same_session):
                        self.check_holder(who, holder, lock, same_session, waited_for, shared)
        del self.left[who]

    def check_holder(self, who, holder, lock, same_session, waited_for, shared):
        require(
            not (holder == who and same_session),
            f"a flow that waits for '{who.wanted}' may wait for itself, since it holds '{lock}'",
        )
        require(
            self.exclude(who, holder, same_session) or self.is_listed(holder, waited_for, shared),
            f"the elimination of a wait for '{who.wanted}' leaves out that of '{lock}' for '{holder.wanted}'",
        )

    def is_listed(self, point, of_session, shared):
        locks = of_session if self.scopes[point.wanted] == "session" else shared
        return (point.wanted, point.mode) in locks

    def waits(self, who, holder, lock, mode, held, same_session):
        """A flow waits for one that holds the lock; of two readers, if a writer can wait between them."""
        if "write" in (mode, held) or (who.wanted, who.mode) == (lock, "write"):
            return True
        of_session = self.scopes[lock] == "session"
        return any(
            not self.exclude(who, writer, of_session and same_session) and not self.exclude(holder, writer, of_session)
            for writer in self.writers.get(lock, ())
        )

    def exclude(self, a, b, same_session):
        """Whether flows at both places would hold one lock, and one of them for writing."""
        held = dict(b.must)
        return any(
            lock in held and "write" in (mode, held[lock]) and (same_session or self.scopes[lock] == "program")
            for lock, mode in a.must
        )


def roots(graph):
    """What is entered from outside: what sources name and flows that nobody calls."""
    flows = {flow["name"] for flow in graph["flows"]}
    called = {step["callee"] for flow in graph["flows"] for step in steps(flow["body"]) if step["kind"] == "call"}
    return {source[key] for source in graph["sources"] for key in ("function", "target")} | (flows - called)


def steps(body):
    """All steps of a flow, at any depth."""
    for step in body:
        yield step
        yield from steps(step.get("body", ()))
        for case in step.get("cases", ()):
            yield from steps(case["body"])


def check(certificate, graph):
    """Raises Refused unless the certificate proves that the program of the graph cannot deadlock."""
    try:
        Checker(certificate, graph).check()
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused(f"the files do not have the form of docs/Json.md: {error!r}") from error


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        sys.exit(f"check-certificate: {path}: {error}")


def check_pairs(path):
    count = 0
    with open(path, encoding="utf-8") as file:
        for count, line in enumerate(file, 1):
            pair = json.loads(line)
            try:
                check(pair["certificate"], pair["graph"])
            except Refused as reason:
                sys.exit(f"{path}:{count}: refused: {reason}")
    print(f"{count} proofs hold")


def main():
    sys.setrecursionlimit(100_000)
    parser = argparse.ArgumentParser(description="Checks a proof that a Flux program cannot deadlock.")
    parser.add_argument("--pairs", metavar="FILE", help="lines of certificates with their graphs")
    parser.add_argument("certificate", nargs="?")
    parser.add_argument("graph", nargs="?")
    arguments = parser.parse_args()
    if arguments.pairs:
        return check_pairs(arguments.pairs)
    if not arguments.graph:
        parser.error("needs a certificate and a graph")
    try:
        check(load(arguments.certificate), load(arguments.graph))
    except Refused as reason:
        sys.exit(f"refused: {reason}")
    print("the proof holds")


if __name__ == "__main__":
    main()
