# What the machine does to a server: no memory, full disks, a process that is stopped, a clock that jumps. Service goes on.
# RUN: %web-test %model %s

import os
import resource
import signal
import subprocess
import tempfile
import time
import unittest

from chaos import FILES, POLITE, RUDE, Chaos, check
from support import SANITIZED, Server, WebTest, eventually, main, request

HERE = os.path.dirname(os.path.abspath(__file__))


class Stopped(WebTest):
    FILES = FILES

    # Clients that keep to the protocol notice nothing but the wait.
    def test_stopped_and_continued_under_load(self):
        chaos = Chaos(self.server, "stopped", acts=POLITE, threads=8)
        for _ in range(5):
            chaos.wait(0.3)
            for pid in self.server.pids():
                os.kill(pid, signal.SIGSTOP)
            time.sleep(0.3)
            for pid in self.server.pids():
                os.kill(pid, signal.SIGCONT)
        self.assertEqual(chaos.stop()[1], [])


class WorkersKilled(unittest.TestCase):
    # Whoever was served by a killed process has to ask again; then somebody else answers.
    def test_service_goes_on(self):
        workers = 3
        server = Server(FILES, environment={"FLUX_WORKERS": str(workers)})
        self.addCleanup(lambda: self.assertEqual(server.stop()[0], 0))
        check(server.get("/small.txt"), "small.txt")
        if len(server.pids()) == 1:
            self.skipTest("this model has one process")
        eventually(lambda: len(server.pids()) == 1 + workers, "all workers are there")
        chaos = Chaos(server, "killed", acts=RUDE, threads=8)
        self.addCleanup(chaos.stop)
        for number in range(2 * workers):
            victim = server.pids()[1 + number % workers]
            os.kill(victim, signal.SIGKILL)
            eventually(lambda: victim not in server.pids() and len(server.pids()) == 1 + workers, "there is another worker")
            eventually(lambda: answers_everything(server), "everything is answered again")
        chaos.stop()  # that some of them were cut off is no failure
        eventually(lambda: answers_everything(server), "everything is answered at last")


def answers_everything(server):
    try:
        for name in FILES:
            check(server.get("/" + name), name)
        return True
    except (OSError, EOFError):
        return False


class JumpingClock(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix="web-clock-")
        cls.addClassCleanup(directory.cleanup)
        library = os.path.join(directory.name, "jumping_clock.so")
        source = os.path.join(HERE, "Inputs", "jumping_clock.c")
        subprocess.run(["cc", "-O1", "-Wall", "-shared", "-fPIC", source, "-o", library], check=True)
        cls.environment = {"LD_PRELOAD": library}
        if SANITIZED:  # the sanitizer is in the executable, which is all that this check is about
            cls.environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"

    def start(self, *options):
        server = Server(FILES, options, environment=self.environment)
        self.addCleanup(lambda: self.assertEqual(server.stop(), (0, "")))
        return server

    def test_load(self):
        server = self.start()
        day = server.get("/")["Date"][:16]
        eventually(lambda: server.get("/")["Date"][:16] != day, "the clock jumps")
        chaos = Chaos(server, "clock", acts=POLITE, threads=8)
        chaos.wait(1)
        self.assertEqual(chaos.stop()[1], [])

    # A limit of a second is neither over at once, nor does anybody wait for a day.
    def test_idle_timeout(self):
        server = self.start("--idle-timeout=1")
        start = time.monotonic()
        with server.connect() as idle:
            self.assertTrue(idle.at_end())
        self.assertGreater(time.monotonic() - start, 0.9)

    def test_header_timeout(self):
        server = self.start("--header-timeout=1")
        with server.connect() as slow:
            start = time.monotonic()
            slow.send(b"GET /small")
            self.assertEqual(slow.response().status, 408)
        self.assertGreater(time.monotonic() - start, 0.9)


class FullDisk(unittest.TestCase):
    def test_snapshot(self):
        server = Server(FILES, ["--flux-snapshot=/dev/full"])
        server.process.send_signal(signal.SIGUSR1)
        eventually(lambda: "cannot write the snapshot" in server.messages(), "a message about the snapshot")
        check(server.get("/small.txt"), "small.txt")
        status, messages = server.stop()
        self.assertEqual(status, 0)
        self.assertRegex(messages, r"^flux: web: .*/dev/full.*No space left on device\n$")

    # Nothing can be said any more, but everything done.
    def test_standard_error(self):
        with open("/dev/full", "wb") as full:
            server = Server(FILES, log=full)
        for _ in range(20):
            server.process.send_signal(signal.SIGUSR1)
            check(server.get("/small.txt"), "small.txt")
        self.assertEqual(server.stop()[0], 0)


@unittest.skipIf(SANITIZED, "sanitizers need more address space than any limit leaves")
class NoMemory(unittest.TestCase):
    def setUp(self):
        self.server = Server(FILES)
        check(self.server.get("/small.txt"), "small.txt")

    def tearDown(self):
        status, messages = self.server.stop()
        self.assertEqual(status, 0, messages)
        for line in messages.splitlines():
            self.assertRegex(line, "^flux: web: ")

    def limit_room(self, room):
        for pid in self.server.pids():
            with open(f"/proc/{pid}/statm") as statm:
                size = int(statm.read().split()[0]) * resource.getpagesize()
            resource.prlimit(pid, resource.RLIMIT_AS, (size + room, resource.RLIM_INFINITY))

    def crowd(self):
        """Clients that ask and do not read: they hold threads and stacks, for which there is no room."""
        crowd = [self.server.connect(receive_buffer=4096) for _ in range(300)]
        for client in crowd:
            client.send(request("/large.bin") * 5)
        time.sleep(0.5)
        for client in crowd:
            client.reset()
        eventually(lambda: self.server.connections() == 0, "the server lets go of the crowd")

    def serves(self, name):
        """Whether the server answers; it may turn a client away for lack of memory, but not leave it waiting."""
        try:
            response = self.server.get("/" + name)
        except (EOFError, ConnectionError):
            return False
        if response.status != 503:
            check(response, name)
        return response.status != 503

    # When the crowd has gone, there is room for the next, if not at once on every loop.
    def test_little_room(self):
        for room in 4 << 20, 1 << 20:
            self.limit_room(room)
            self.crowd()
            for name in FILES:
                eventually(lambda: self.serves(name), f"{name} is served")

    # Not even a connection fits any more, until there is memory again.
    def test_no_room(self):
        self.limit_room(0)
        self.crowd()
        self.limit_room(1 << 30)
        for name in FILES:
            check(self.server.get("/" + name), name)


main()
