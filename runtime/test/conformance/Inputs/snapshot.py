"""Holds two snapshots that snapshot.flux has been given against where its flows stood.

    snapshot.py MODEL OUTPUT FILE LOG
"""

import json
import pathlib
import re
import sys

IN_FLIGHT = {"Hold": 1, "Enter": 0, "Stay": 2, "Fail": 0}
ERROR = re.compile(r"'Fail' \(.*snapshot\.flux:8\) failed with 4711 \(error\), and no handler takes it")
READS = r"read\(\d+\)|descriptor \d+"


def only(items, **wanted):
    """Those of some items that have these values, without the rest."""
    return [item for item in items if all(item[key] == value for key, value in wanted.items())]


def check_flows(found):
    assert found["flows"] == {"started": 6, "done": 1, "in_flight": 5, "queued": 0}
    assert {name: only(found["functions"], name=name)[0]["in_flight"] for name in IN_FLIGHT} == IN_FLIGHT
    oldest = found["oldest"]
    ages = [flow["age_ms"] for flow in oldest]
    assert len(oldest) == 5 and oldest[0]["node"] == "Hold" and ages == sorted(ages, reverse=True)
    assert all(flow["source"] == "Next" and not flow["is_source"] for flow in oldest)


def check_constraint(found):
    [door] = found["locks"]
    assert (door["name"], door["acquisitions"], door["holding"], door["waiting"]) == ("door", 1, 1, 2)
    [holder] = door["holders"]
    assert (holder["node"], holder["holds"]) == ("Hold", "door") and holder == found["oldest"][0]
    assert [(flow["node"], flow["waits_for"], flow["holds"]) for flow in door["waiters"]] == [("", "constraint 'door'", "")] * 2


def check_source(found):
    [source] = only(found["sources"], name="Next")
    times = source["times_ns"]
    assert (source["flows"], source["in_flight"], times["count"]) == (6, 5, 1)
    assert 0 < times["p50"] == times["p99"] <= times["max"] == times["mean"]
    # So early, if this has been quick, the rate is that since the start.
    if source["per_second_ms"] == found["uptime_ms"] > 0:
        flows = source["per_second"] * found["uptime_ms"] / 1000
        assert 6 * (1 - 1 / found["uptime_ms"]) - 0.1 < flows <= 6.1, flows


def check_error(found, log):
    errors = found["errors"]
    assert (errors["handled"], errors["unhandled"]) == (0, 1)
    assert ERROR.fullmatch(errors["last"]) and errors["last"] in log, errors
    assert 0 <= errors["last_age_ms"] <= found["uptime_ms"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", errors["last_time"]) and errors["last_time"] <= found["time"]


def main():
    model, output, file, log = sys.argv[1:]
    text, log = pathlib.Path(output).read_text(), pathlib.Path(log).read_text()
    own, end = json.JSONDecoder().raw_decode(text)
    written = json.loads(text[end:])
    for found in own, written:
        assert (found["schema"], found["program"], found["model"]) == (1, "snapshot", model)
        assert found["options"]["snapshot"] == file and found["options"]["hang-ms"] == 10000
        check_flows(found)
        check_constraint(found)
        check_source(found)
        check_error(found, log)
    assert len([flow for flow in written["oldest"] if re.fullmatch(READS, flow["waits_for"])]) == 3


main()
