#!/usr/bin/env python3
"""The execution models and their traits, as runtime/include/flux/rt/models.def lists them.

    models.py [TRAIT|!TRAIT...]    prints the names of all models, or of those that have these traits and not those
"""

import collections
import os
import re
import sys

LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "runtime", "include", "flux", "rt", "models.def")

Model = collections.namedtuple("Model", "name traits")

TRAIT = re.compile(r"^FLUX_MODEL_TRAIT\(\s*(\w+)\s*,", re.MULTILINE)
MODEL = re.compile(r"^FLUX_MODEL\(\s*(\w+)\s*,\s*\d+\s*,([\w\s|]*),", re.MULTILINE)


def traits(path=LIST):
    """The names of all traits."""
    with open(path) as file:
        return TRAIT.findall(file.read())


def models(path=LIST):
    """All models, in the order of the list."""
    with open(path) as file:
        return [Model(name, frozenset(re.findall(r"\w+", has))) for name, has in MODEL.findall(file.read())]


def main():
    asked = sys.argv[1:]
    unknown = [trait for trait in asked if trait.lstrip("!") not in traits()]
    if unknown:
        sys.exit(f"models.py: unknown trait '{unknown[0]}'; the traits are {', '.join(traits())}")
    for model in models():
        if all((trait.lstrip("!") in model.traits) != trait.startswith("!") for trait in asked):
            print(model.name)


if __name__ == "__main__":
    main()
