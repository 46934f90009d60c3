# Privileges: what the server is when its ports are open.
# RUN: %web-test %model %s

import grp
import os
import pwd
import unittest

from support import Server, main
import processes

USER = "nobody"


def state(pid):
    return {line.split(":")[0]: line.split()[1:] for line in processes.lines(pid, "status")}


class Privileges(unittest.TestCase):
    def start(self, *options):
        server = Server({"a.txt": b"x"}, options)
        os.chmod(server.root, 0o755)
        self.addCleanup(lambda: self.assertEqual(server.stop(), (0, "")))
        return server

    @unittest.skipIf(os.geteuid() != 0, "only root may become somebody else")
    def test_are_given_up(self):
        nobody = pwd.getpwnam(USER)
        server = self.start("--user=" + USER)
        self.assertEqual(server.get("/a.txt").body, b"x")
        for pid in server.pids():
            for task in os.listdir(f"/proc/{pid}/task"):
                known = state(f"{pid}/task/{task}")
                self.assertEqual(set(known["Uid"]), {str(nobody.pw_uid)})
                self.assertEqual(set(known["Gid"]), {str(nobody.pw_gid)})
                self.assertLessEqual(set(known["Groups"]), {str(nobody.pw_gid)})
                self.assertEqual(known["NoNewPrivs"], ["1"])
                for kind in "CapPrm", "CapEff", "CapInh", "CapAmb":
                    self.assertEqual(int(known[kind][0], 16), 0, kind)

    @unittest.skipIf(os.geteuid() != 0, "only root may become somebody else")
    def test_group(self):
        server = self.start("--user=" + USER, "--group=daemon")
        self.assertEqual(set(state(server.process.pid)["Gid"]), {str(grp.getgrnam("daemon").gr_gid)})

    # Whoever is that user already need not be root.
    def test_nothing_to_give_up(self):
        server = self.start("--user=" + pwd.getpwuid(os.geteuid()).pw_name)
        self.assertEqual(server.get("/a.txt").body, b"x")

    def test_refused(self):
        cases = [(["--user=nobody-at-all"], "cannot become user 'nobody-at-all': there is none of that name"),
                 (["--user=nobody", "--group=none-at-all"], "cannot become user 'nobody': there is no group 'none-at-all'"),
                 (["--group=daemon"], "a group needs a user")]
        if os.geteuid() != 0:
            cases.append((["--user=root"], "cannot become user 'root': Operation not permitted"))
        for options, message in cases:
            with self.assertRaisesRegex(AssertionError, message):
                Server(options=options)


main()
