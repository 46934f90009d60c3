"""Follows every link of the pages of this tree that leads to another file, or to a heading.

    links.py [PAGE.md...]        all that git knows without
"""

import functools
import pathlib
import re
import subprocess
import sys

import pages

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@functools.cache
def anchors(page):
    """What headings can be referred to by, as the hosts of repositories make it."""
    found = set()
    for line in pages.outside_fences(page):
        if line.startswith("#"):
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("#").strip()).lower()
            found.add(re.sub(r"[^\w\- ]", "", text).replace(" ", "-"))
    return found


def check(page):
    text = "\n".join(pages.outside_fences(page))
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists():
            yield f"{page}: the link '{link}' leads nowhere"
        elif anchor and anchor not in anchors(target):
            yield f"{page}: the link '{link}' leads to no heading of {target.name}"


def all_pages():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=pages.ROOT, check=True,
                            capture_output=True, text=True)
    return [pages.ROOT / name for name in listed.stdout.split()]


def main():
    given = [pathlib.Path(name).resolve() for name in sys.argv[1:]] or all_pages()
    existing = [page for page in given if page.exists()]
    complaints = [complaint for page in existing for complaint in check(page)]
    print(f"{len(existing)} pages")
    pages.finish(complaints)


main()
