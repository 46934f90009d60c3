"""Compares the parser of heads with h11, another strict one, over requests that somebody has tampered with.

    compare_h11.py PEEK [COUNT [SEED]]    PEEK is net-http-peek; without a seed it is the same requests each time

What the parser accepts h11 has to accept as the same request, and what h11 refuses the parser has to refuse. What only
the parser refuses has to be of a kind that is listed here with the reason.
"""

import collections
import re
import subprocess
import sys

try:
    import h11
except ImportError:
    sys.exit("h11 is missing: install the package python3-h11")

# What h11 lets through, or leaves to its user.
STRICTER = {
    "bareLineFeed": "h11 takes LF for CR LF, as RFC 9112, 2.2 allows",
    "foldedLine": "h11 unfolds, as RFC 9112, 5.2 allows",
    "badFieldValue": "h11 takes control characters but NUL, CR and LF",
    "badTarget": "h11 takes fragments",
    "noRequest": "h11 takes empty lines that end in LF",
    "unknownVersion": "h11 leaves versions to its user",
    "wrongForm": "h11 leaves targets to its user",
    "badAuthority": "so it does with these",
    "badEscape": "and these",
    "escapedSlash": "and these",
    "aboveRoot": "and these",
    "badHost": "h11 leaves the value of Host to its user",
    "badLength": "h11 takes lists of equal lengths, as RFC 9110, 8.6 allows",
    "severalLengths": "and equal ones in several fields",
    "codingInOldVersion": "h11 does not look at the version, but for its answer",
    "codingAndLength": "h11 prefers the coding, as RFC 9112, 6.3 allows",
    "unknownExpectation": "h11 leaves expectations to its user",
}


def field(fields, name):
    return [value for key, value in fields if key.lower() == name]


def by_h11(text):
    """A request as peek writes it, "more" or "refused"."""
    if not text:
        return "more"  # to h11, no bytes are the end
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 16)
    connection.receive_data(text)
    try:
        event = connection.next_event()
    except h11.RemoteProtocolError:
        return "refused"
    if event is h11.NEED_DATA:
        return "more"
    kind, length = h11._connection._body_framing(event.method, event)
    fields = event.headers.raw_items()
    return {
        "method": event.method,
        "target": event.target,
        "version": event.http_version,
        "minor": 0 if event.http_version == b"1.0" else 1,
        "length": "chunked" if kind == "chunked" else str(min(*length, (1 << 63) - 1)),
        "fields": fields,
        "keep": h11._connection._keep_alive(event),
    }


def by_peek(words):
    if words[0] != "request":
        return words
    method, target, minor, length, keep, *fields = words[1:]
    return {
        "method": bytes.fromhex(method),
        "target": bytes.fromhex(target),
        "minor": int(minor),
        "length": length,
        "fields": [tuple(map(bytes.fromhex, each.split("="))) for each in fields],
        "keep": keep == "1",
    }


def comparable(request, ours):
    """What both say of a request."""
    fields, keep, length = request["fields"], request["keep"], request["length"]
    # h11 keeps no connection of HTTP/1.0, and does not look for strings in lists.
    if request["minor"] == 0 or b'"' in b"".join(field(ours["fields"], b"connection")):
        keep = None
    # h11 writes codings in lower case.
    fields = [(name, value.lower() if name.lower() == b"transfer-encoding" else value) for name, value in fields]
    return request["method"], request["target"], request["minor"], length, fields, keep


def difference(text, ours, theirs):
    """Why the two do not agree on `text`, or None."""
    if isinstance(ours, dict) and theirs == "refused":
        codings = field(ours["fields"], b"transfer-encoding")
        if codings and [each.strip().lower() for each in codings] != [b"chunked"]:
            return None  # h11 takes no list, even if all its elements but one are empty
        return "h11 refuses it"
    if isinstance(ours, dict):
        if not isinstance(theirs, dict):
            return "h11 waits for more"
        if comparable(ours, ours) != comparable(theirs, ours):
            return f"h11 reads another request: {comparable(theirs, ours)}"
    elif isinstance(theirs, dict):
        if ours[0] == "more":
            return f"h11 reads a request: {theirs}"
        if ours[2] == "noHost" and theirs["version"] not in (b"1.0", b"1.1"):
            return None  # h11 asks for a Host in HTTP/1.1 only
        if ours[2] not in STRICTER:
            return f"h11 accepts it: {theirs}"
    return None


def main():
    peek, count, seed = (*sys.argv[1:], *["20000", "9112"][len(sys.argv) - 2 :])
    seen = collections.Counter()
    process = subprocess.Popen([peek, seed, count], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        head, *words = line.split()
        text, ours = bytes.fromhex(head[1:]), by_peek(words)
        # h11 leaves empty lines before a request to its user.
        theirs = by_h11(re.sub(rb"\A(\r\n)+", b"", text))
        if why := difference(text, ours, theirs):
            sys.exit(f"{text!r}\nthe parser says {ours}, but {why}")
        seen[words[0] if words[0] != "refused" else " ".join(words[1:])] += 1
    if process.wait() != 0 or sum(seen.values()) != int(count):
        sys.exit(f"{peek} has ended with status {process.returncode} after {sum(seen.values())} requests")
    for outcome, number in seen.most_common():
        print(f"{number:8} {outcome}")
    missing = {"request", "more"} - set(seen)
    if missing:
        sys.exit(f"no such outcome among them: {missing}")


main()
