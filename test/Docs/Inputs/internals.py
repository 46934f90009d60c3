"""Holds docs/Internals.md against the tree: its layers, libraries, functions and entry points.

    internals.py PAGE.md
"""

import importlib.machinery
import importlib.util
import pathlib
import re
import sys

import pages


def layers():
    """The layers, and the libraries of lib/ with their directories and links, as scripts/lib/check-layers knows them."""
    loader = importlib.machinery.SourceFileLoader("check_layers", str(pages.ROOT / "scripts/lib/check-layers"))
    spec = importlib.util.spec_from_loader("check_layers", loader)
    sys.dont_write_bytecode = True
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module.RUNTIME_LAYERS, *module.compiler_libraries(pages.ROOT / "lib")


def check_layers(page, complaints):
    order, directories, links = layers()
    written = [pages.code(row[0])[0] for row in pages.rows_of(page, "layer")]
    if written != order:
        complaints.append(f"{page} has the layers {written}, but scripts/lib/check-layers {order}")
    rows = pages.rows_of(page, "library", "directory")
    written = [f"{pages.code(name)[0]} in {pages.code(place)[0]} links {sorted(pages.code(linked))}"
               for name, place, _, linked in rows]
    real = [f"{name} in lib/{directories[name]} links {sorted(links[name])}" for name in directories]
    pages.compare(complaints, "library", written, page, real, "lib/")


def check_steps(page, complaints):
    """Each step of a way names a file, and a function that this has."""
    for step, function, file in pages.rows_of(page, "step", "function", "file"):
        (function,), (file,) = pages.code(function), pages.code(file)
        path = pages.ROOT / file
        scope, _, name = function.rpartition("::")
        found = path.read_text() if path.exists() else ""
        # A method is defined by its full name, or within the class of a file that has that.
        if not re.search(rf"\b{name}\(|\b(?:class|struct) {name}\b", found) or scope and f"{scope}::" not in found and f" {scope} " not in found:
            complaints.append(f"{page}: '{step}': {file} has no {function}")


def check_entry_points(page, complaints):
    text = (pages.ROOT / "runtime/include/flux/rt/entry_points.def").read_text()
    real = [f"flux_ir_{name}" for name in re.findall(r"^FLUX_ENTRY_POINT\((\w+),", text, re.M)]
    (rows,) = [rows for heading, _, rows in pages.tables(page) if heading == "Entry points"]
    pages.compare(complaints, "entry point", [pages.code(row[0])[0] for row in rows], page, real, "entry_points.def")


def check_targets(page, complaints):
    """Each target of the tests is made by some CMakeLists.txt, by its name or as a suite of lit."""
    rules = "\n".join(file.read_text() for place in ("runtime", "test", "proofs")
                      for file in (pages.ROOT / place).rglob("CMakeLists.txt"))
    for row in pages.rows_of(page, "target"):
        (target,) = pages.code(row[0])
        suite = target.removeprefix("check-")
        if not re.search(rf"add_custom_target\({target}\b|add_flux_(conformance_)?suite\({suite}\b", rules):
            complaints.append(f"{page}: there is no target {target}")


def main():
    page = pathlib.Path(sys.argv[1]).resolve()
    complaints = []
    for check in (check_layers, check_steps, check_entry_points, check_targets):
        check(page, complaints)
    pages.finish(complaints)


main()
