"""Follows what the pages of this tree say of its files: every link to a file or to a heading, and every name of a file.
Of other files it follows what they say of the pages.

    links.py [FILE...]        all that git knows, without
"""

import functools
import pathlib
import re
import subprocess
import sys

import pages

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
SUFFIXES = {".cpp", ".h", ".def", ".td", ".py", ".v", ".ml", ".mlir"}  # of sources that users have none of


@functools.cache
def anchors(page):
    """What headings can be referred to by, as the hosts of repositories make it."""
    found = set()
    for line in pages.outside_fences(page):
        if line.startswith("#"):
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("#").strip()).lower()
            found.add(re.sub(r"[^\w\- ]", "", text).replace(" ", "-"))
    return found


def check_links(page, text):
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists():
            yield f"{page}: the link '{link}' leads nowhere"
        elif anchor and anchor not in anchors(target):
            yield f"{page}: the link '{link}' leads to no heading of {target.name}"


@functools.cache
def tracked():
    """The files of the tree, those included that git is yet to be told of."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=pages.ROOT, check=True,
                            capture_output=True, text=True)
    return [name for name in listed.stdout.splitlines() if (pages.ROOT / name).exists()]


@functools.cache
def directories():
    """For the first part of a path, where that is: in the tree itself, or a layer of the runtime."""
    runtime = pages.ROOT / "runtime/src"
    return {part: place for place in (runtime, pages.ROOT) for part in
            {pathlib.Path(name).relative_to(place.relative_to(pages.ROOT)).parts[0] for name in tracked()
             if (pages.ROOT / name).is_relative_to(place) and (pages.ROOT / name).parent != place}}


@functools.cache
def is_there(name):
    """Whether the tree has a file or directory of this path, in which an asterisk stands for anything, or a source of
    this name."""
    first, *rest = pathlib.PurePath(name).parts
    if rest:
        return bool(list(directories()[first].glob(name)))
    return any(each.endswith("/" + name) for each in tracked())


def check_names(page, text):
    """Looks at the words in backticks that can only be meant as files of this tree."""
    words = {word.rstrip(",;.") for code in re.findall(r"`([^`\n]+)`", text) for word in code.split()}
    for word in sorted(words):
        path = pathlib.PurePath(word)
        is_path = len(path.parts) > 1 and path.parts[0] in directories()
        is_source = len(path.parts) == 1 and re.fullmatch(r"[\w-]+\.\w+", word) and path.suffix in SUFFIXES
        if (is_path or is_source) and not re.search(r"[<>$]", word) and not is_there(word):
            yield f"{page} names {word}, which is not there"


def check_mentions(file):
    try:
        text = file.read_text()
    except UnicodeDecodeError:
        return
    for name in sorted(set(re.findall(r"\bdocs/(\w+\.md)\b", text))):
        if not (pages.ROOT / "docs" / name).exists():
            yield f"{file} names docs/{name}, which is not there"


def check(file):
    yield from check_mentions(file)
    if file.suffix == ".md":
        text = "\n".join(pages.outside_fences(file))
        yield from check_links(file, text)
        yield from check_names(file, text)


def main():
    files = [pathlib.Path(name).resolve() for name in sys.argv[1:]] or [pages.ROOT / name for name in tracked()]
    complaints = [complaint for file in files if file.is_file() for complaint in check(file)]
    print(f"{len(files)} files")
    pages.finish(complaints)


main()
