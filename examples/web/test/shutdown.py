# SIGTERM: what has been asked is answered, in full; nobody is kept waiting; the exit status is 0.
# RUN: %web-test %model %s

import threading
import time
import unittest

from support import Server, eventually, main, request

BIG = bytes(range(256)) * (1 << 15)  # 8 MiB


class Shutdown(unittest.TestCase):
    def setUp(self):
        self.server = Server({"a.txt": b"0123456789", "big.bin": BIG})

    def tearDown(self):
        self.assertEqual(self.server.stop(), (0, ""))

    def test_idle_connections_are_closed(self):
        fresh, used, partial = (self.server.connect() for _ in range(3))
        used.get("/a.txt")
        partial.send(b"GET /a.txt HT")
        self.server.terminate()
        for client in fresh, used, partial:
            self.assertTrue(client.at_end())

    def test_answers_under_way_are_finished(self):
        # Of several processes, one could get both clients, and serves one after the other.
        clients = [self.server.connect(receive_buffer=4096) for _ in range(1 if self.server.workers else 2)]
        for client in clients:
            client.send(request("/big.bin"))
            self.assertEqual(client.socket.recv(1), b"H")
        self.server.terminate()
        time.sleep(0.2)
        for client in clients:
            client.input.readline()
            while client.input.readline() != b"\r\n":
                pass
            self.assertEqual(client.input.read(len(BIG)), BIG)
            self.assertTrue(client.at_end())

    # On loopback a request is in the server's socket when send() returns, so each of these arrived before the signal.
    def test_requests_that_have_arrived_are_answered(self):
        clients = [self.server.connect() for _ in range(200)]
        for client in clients[:100]:
            self.assertEqual(client.get("/a.txt").status, 200)
        for client in clients:
            client.send(request("/a.txt"))
        self.server.terminate()
        for client in clients:
            self.assertEqual(client.response().body, b"0123456789")
            self.assertTrue(client.at_end())

    def test_under_load(self):
        cut, answered = [], []

        def work():
            with self.server.connect() as client:
                try:
                    while True:
                        client.send(request("/a.txt"))
                        response = client.response()
                        if response.body != b"0123456789":
                            cut.append(response.body)
                        answered.append(1)
                        # After this the server reads no further request, so none may be sent.
                        if response["Connection"] == "close":
                            return
                except (ConnectionResetError, BrokenPipeError):
                    pass  # closed between two requests, which a client has to expect
                except EOFError as error:
                    if "of body" in str(error):
                        cut.append(str(error))

        threads = [threading.Thread(target=work) for _ in range(32)]
        for thread in threads:
            thread.start()
        eventually(lambda: len(answered) > 500, "500 requests are answered")
        self.server.terminate()
        for thread in threads:
            thread.join()
        self.assertEqual(cut, [])


main()
