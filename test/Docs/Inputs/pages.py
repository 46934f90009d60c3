"""What the checks of several pages share: the tables of a page, and complaints."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]


def outside_fences(page):
    """The lines of a page, those of fenced blocks empty."""
    inside = False
    for line in page.read_text().splitlines():
        fence = line.lstrip().startswith("```")
        yield "" if inside or fence else line
        inside ^= fence


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def tables(page):
    """The tables of a page, each as the heading that it stands below, the names of its columns, and its rows."""
    heading, found, all_tables = "", None, []
    for line in outside_fences(page):
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        if not line.startswith("|"):
            found = None
        elif found is None:
            found = (heading, cells(line), [])
            all_tables.append(found)
        elif not set(line) <= set("|-: "):
            found[2].append(cells(line))
    return all_tables


def rows_of(page, *columns):
    """The rows of every table of a page whose first columns are these."""
    rows = [row for _, names, rows in tables(page) if tuple(names[: len(columns)]) == columns for row in rows]
    if not rows:
        sys.exit(f"{page}: there is no table with the columns {', '.join(columns)}")
    return rows


def code(cell):
    """What a cell has in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def models(but=None):
    """The names of the execution models, as the runtime lists them; but for those that have a trait."""
    sys.path.insert(0, str(ROOT / "utils"))
    import models as listed

    return [model.name for model in listed.models() if but not in model.traits]


def compare(complaints, what, written, where, real, source):
    """Complains of whatever is in one set of names and not in the other."""
    for name in sorted(set(real) - set(written)):
        complaints.append(f"{where} has no {what} '{name}', which {source} has")
    for name in sorted(set(written) - set(real)):
        complaints.append(f"{where} has the {what} '{name}', which {source} has not")


def finish(complaints):
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    sys.exit(bool(complaints))
