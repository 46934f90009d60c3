# A mixed load of polite, slow, broken and hostile clients: everyone who keeps to the protocol gets the right bytes, and
# nothing is left behind. WEB_SOAK_SECONDS gives the length; how much is served in it is the machine's affair.
# RUN: %web-test %model %s

import json
import os
import random
import signal
import tempfile
import unittest

from chaos import FILES, RUDE, Chaos, check, flood
from support import SANITIZED, Server, eventually, main, request

SECONDS = float(os.environ.get("WEB_SOAK_SECONDS", 5))
SEED = os.environ.get("WEB_SOAK_SEED") or str(random.randrange(1 << 32))

# What may be kept beyond the warm-up: stacks, arenas and buffers for a crowd larger than any before.
GROWTH_KB = 8 * 1024


class Soak(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="web-soak-")
        self.addCleanup(directory.cleanup)
        self.snapshot = os.path.join(directory.name, "snapshot")
        self.server = Server(FILES, ["--flux-snapshot=" + self.snapshot])

    def test_soak(self):
        print(f"seed {SEED}, {SECONDS:g} seconds", flush=True)
        for _ in range(4):  # the largest crowd comes first, so that what it needs is not taken for a leak
            flood(self.server, random.Random(SEED))
        self.endure(max(1, SECONDS / 10), "warm-up")
        files, before = self.settle()
        acts = self.endure(SECONDS, "soak")
        print("acts:", ", ".join(f"{count} {name}" for name, count in acts.items()), flush=True)
        left, after = self.settle()
        print(f"memory: {before} kB after the warm-up, {after} kB at the end", flush=True)
        self.assertEqual(left, files)
        if not SANITIZED:  # sanitizers keep freed memory, and look for leaks themselves
            self.assertLess(after - before, GROWTH_KB)
        self.end()

    def endure(self, seconds, name):
        chaos = Chaos(self.server, f"{SEED}/{name}")
        chaos.wait(seconds)
        acts, failures = chaos.stop()
        self.assertEqual(failures, [], f"seed {SEED}")
        return acts

    def settle(self):
        """Waits until nobody is served any more. Returns what the server has open, and its size in kB."""
        eventually(lambda: self.take_snapshot()["flows"]["in_flight"] == 0, "all flows end")
        eventually(lambda: self.server.connections() == 0, "all connections are closed")
        files = self.server.open_files()
        # The cache of each process or core may hold a document, or have found no use for it yet.
        caches = max(len(self.server.pids()), len(self.take_snapshot().get("cores", [])))
        for name in FILES:
            held = files.pop(self.server.path(name), 0)
            self.assertLessEqual(held, caches, f"descriptors of {name}")
        return files, self.server.memory_kb()

    def take_snapshot(self):
        self.server.process.send_signal(signal.SIGUSR1)
        eventually(lambda: os.path.exists(self.snapshot), "a snapshot is written")
        with open(self.snapshot) as file:
            snapshot = json.load(file)
        os.unlink(self.snapshot)
        return snapshot

    def end(self):
        """While others rage on, the server is told to stop: what has arrived is answered, and nobody kept waiting."""
        chaos = Chaos(self.server, f"{SEED}/end", acts=RUDE)
        asked, idle = ([self.server.connect() for _ in range(50)] for _ in range(2))
        for client in asked[:25]:
            check(client.get("/small.txt"), "small.txt")
        for client in asked:
            client.send(request("/medium.bin"))
        self.server.terminate()
        for client in asked:
            check(client.response(), "medium.bin")
        for client in asked + idle:
            self.assertTrue(client.at_end())
        chaos.stop()  # that connections are refused now is no failure
        self.assertEqual(self.server.stop(), (0, ""))


main()
