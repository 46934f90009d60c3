#!/usr/bin/env python3
"""Checks a TextMate grammar and shows what it makes of a text.

    check-grammar.py GRAMMAR.tmLanguage.json TEXT

Prints `line:column scope 'token'` for all that the grammar gives a scope of its own, line by line as editors do. Fails
if the grammar is no JSON, a rule is malformed, a pattern does not compile, or an include leads nowhere or is missing.
Understands the part of TextMate that grammars for Flux need: match, begin and end, captures, include.
"""
import argparse
import json
import re
import sys

KEYS = {"name", "match", "begin", "end", "captures", "beginCaptures", "endCaptures", "patterns", "include"}


class Rule:
    """A rule with its patterns compiled; `children` are the rules that its `patterns` name."""

    def __init__(self, grammar, json_rule, where):
        unknown = set(json_rule) - KEYS
        if unknown:
            sys.exit(f"{where}: unknown key '{sorted(unknown)[0]}'")
        if ("begin" in json_rule) != ("end" in json_rule):
            sys.exit(f"{where}: 'begin' and 'end' need each other")
        self.grammar, self.where = grammar, where
        self.name = json_rule.get("name")
        self.match, self.begin, self.end = (self.compile(json_rule.get(key)) for key in ("match", "begin", "end"))
        both = json_rule.get("captures", {})
        self.captures = {"match": both, "begin": json_rule.get("beginCaptures", both),
                         "end": json_rule.get("endCaptures", both)}
        self.children = [self.child(pattern, index) for index, pattern in enumerate(json_rule.get("patterns", []))]

    def compile(self, pattern):
        if pattern is None:
            return None
        try:
            return re.compile(pattern)
        except re.error as error:
            sys.exit(f"{self.where}: '{pattern}' does not compile: {error}")

    def child(self, pattern, index):
        """A rule, or the name of one: rules may include each other in circles."""
        where = f"{self.where}/{index}"
        if "include" not in pattern:
            return Rule(self.grammar, pattern, where)
        name = pattern["include"]
        if not name.startswith("#") or name[1:] not in self.grammar.repository:
            sys.exit(f"{where}: '{name}' includes no rule of the repository")
        self.grammar.used.add(name[1:])
        return name[1:]

    def expanded(self):
        """The children that consume text, with those of rules that only group others."""
        for child in self.children:
            rule = self.grammar.rules[child] if isinstance(child, str) else child
            if rule.match or rule.begin:
                yield rule
            else:
                yield from rule.expanded()


class Grammar:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            try:
                top = json.load(file)
            except ValueError as error:
                sys.exit(f"{path}: {error}")
        self.repository, self.used = top.get("repository", {}), set()
        self.rules = {name: Rule(self, rule, name) for name, rule in self.repository.items()}
        self.top = Rule(self, {"patterns": top["patterns"]}, "patterns")
        unused = set(self.repository) - self.used
        if unused:
            sys.exit(f"{path}: '{sorted(unused)[0]}' is never included")

    def tokens(self, text):
        stack = [self.top]
        for number, line in enumerate(text.splitlines(keepends=True), 1):
            place, stuck = 0, 0
            while place <= len(line):
                found = self.next_match(stack[-1], line, place)
                if not found:
                    break
                match, rule, kind = found
                yield from self.scopes(number, match, rule, kind)
                if kind == "begin":
                    stack.append(rule)
                elif kind == "end":
                    stack.pop()
                stuck = 0 if match.end() > place else stuck + 1
                if stuck > len(self.rules):
                    sys.exit(f"{rule.where}: matches nothing again and again")
                place = match.end()

    @staticmethod
    def next_match(current, line, place):
        """The leftmost match, ties by order, the end of the current rule first."""
        candidates = [(current.end, current, "end")] if current.end else []
        candidates += [(rule.match or rule.begin, rule, "match" if rule.match else "begin")
                       for rule in current.expanded()]
        matches = [(pattern.search(line, place), rule, kind) for pattern, rule, kind in candidates]
        return min((found for found in matches if found[0]), key=lambda found: found[0].start(), default=None)

    @staticmethod
    def scopes(number, match, rule, kind):
        captures = dict(rule.captures[kind])
        if rule.name:
            captures.setdefault("0", {"name": rule.name})
        for group in sorted(captures, key=int):
            text = match.group(int(group))
            if text:
                yield number, match.start(int(group)) + 1, captures[group]["name"], text.rstrip("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("grammar")
    parser.add_argument("text")
    arguments = parser.parse_args()
    grammar = Grammar(arguments.grammar)
    with open(arguments.text, encoding="utf-8") as file:
        for line, column, scope, token in grammar.tokens(file.read()):
            print(f"{line}:{column} {scope} '{token}'")


if __name__ == "__main__":
    main()
