# Many clients at once get the right bytes, and serving them leaves nothing behind.
# RUN: %web-test %model %s

import os
import re
import shutil
import subprocess
import tempfile
import threading

from support import SANITIZED, WebTest, main


class Load(WebTest):
    FILES = {"1k.bin": os.urandom(1 << 10), "64k.bin": os.urandom(1 << 16), "1m.bin": os.urandom(1 << 20)}

    def wrk(self, path, seconds):
        """Returns the number of requests that were answered; any that were not fail the test."""
        if not shutil.which("wrk"):
            self.skipTest("wrk is not installed")
        command = ["wrk", "-t1", "-c64", "--timeout=60s", f"-d{seconds}s", self.server.url(path)]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        self.assertNotIn("Socket errors", output)
        self.assertNotIn("Non-2xx", output)
        return int(re.search(r"(\d+) requests in", output).group(1))

    def test_threads_of_clients(self):
        failures = []

        def work():
            with self.server.connect() as client:
                for _ in range(40):
                    for name, content in self.FILES.items():
                        if client.get("/" + name).body != content:
                            failures.append(name)

        threads = [threading.Thread(target=work) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_curl_parallel(self):
        if not shutil.which("curl"):
            self.skipTest("curl is not installed")
        for name, content in self.FILES.items():
            with tempfile.TemporaryDirectory() as directory:
                url = self.server.url("/" + name) + "?[1-200]"
                command = ["curl", "--silent", "--show-error", "--fail", "--parallel", "--parallel-max", "64"]
                subprocess.run([*command, "--output", directory + "/#1", url], check=True)
                self.assertEqual(len(os.listdir(directory)), 200)
                for copy in os.listdir(directory):
                    with open(os.path.join(directory, copy), "rb") as file:
                        self.assertEqual(file.read(), content)

    # Bytes are compared beside the load: wrk itself looks at the status only.
    def test_wrk(self):
        for name, content in self.FILES.items():
            beside = threading.Thread(target=self.wrk, args=("/" + name, 2))
            beside.start()
            with self.server.connect() as client:
                while beside.is_alive():
                    self.assertEqual(client.get("/" + name).body, content)
            beside.join()
            self.assertGreater(self.wrk("/" + name, 1), 0)

    def test_memory_stays(self):
        if SANITIZED:
            self.skipTest("sanitizers keep freed memory")
        self.wrk("/1k.bin", 2)
        before, served = self.server.memory_kb(), 0
        while served < 200_000:
            served += self.wrk("/1k.bin", 2)
        grown = self.server.memory_kb() - before
        print(f"{served} requests, memory grew by {grown} kB")
        self.assertLess(grown, 1024)


main()
