# Many clients at once: one computation for each result, and a cache that keeps within its bound.
# RUN: %image-test %model %s

import os
import threading

from PIL import Image

from support import ImageTest, encoded, eventually, main, photo


class AtOnce(ImageTest):
    FILES = {
        **{f"{i}.jpg": encoded(photo(1200, 900), "JPEG") for i in range(2)},
        "small.jpg": encoded(photo(), "JPEG"),
        "other.jpg": encoded(photo(300, 200), "JPEG"),
    }

    def all_of(self, targets):
        """Asks for all of them at once, and returns the bodies."""
        bodies = [None] * len(targets)

        def ask(i):
            bodies[i] = self.server.get(targets[i]).body

        threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(targets))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return bodies

    def processes(self):
        options = self.server.snapshot()
        return options["options"]["workers"] if options["model"] == "process" else 1

    def test_one_computation_for_all(self):
        before = self.server.calls("Encode")
        bodies = self.all_of(["/0.jpg?width=500&height=500"] * 50)
        self.assertEqual(len(set(bodies)), 1)
        computed = self.server.calls("Encode") - before
        self.assertGreaterEqual(computed, 1)
        self.assertLessEqual(computed, self.processes())  # each process has a cache of its own

    # The order of parameters, and those that say what holds anyway, make no difference.
    def test_the_same_in_other_words(self):
        before = self.server.calls("Encode")
        words = ["width=50&height=40", "height=40&width=50", "fit=contain&width=50&height=40", "width=50&height=40&quality=80"]
        bodies = self.all_of(["/small.jpg?" + query for query in words * 5])
        self.assertEqual(len(set(bodies)), 1)
        self.assertLessEqual(self.server.calls("Encode") - before, self.processes())

    def test_different_ones_stay_apart(self):
        targets = [f"/{i}.jpg?width={width}" for i in range(2) for width in range(40, 60)]
        alone = [self.server.get(target).body for target in targets]
        self.assertEqual(self.all_of(targets * 2), alone * 2)

    # A new picture in the place of an old one is seen, after a second at the latest.
    def test_changed_originals(self):
        old = self.server.get("/small.jpg?width=30")
        self.server.write("new", encoded(photo().rotate(180), "JPEG"))
        os.rename(self.server.root + "/new", self.server.root + "/small.jpg")
        new = eventually(lambda: (answer := self.server.get("/small.jpg?width=30")).body != old.body and answer, "it is new")
        self.assertNotEqual(new["ETag"], old["ETag"])

    # What was kept is still right when a second is over: it is not computed again.
    def test_unchanged_originals(self):
        if self.processes() > 1:
            self.skipTest("each process has a cache of its own")
        before, looks = self.server.calls("Encode"), self.server.calls("ReadInFromDisk")
        eventually(lambda: self.server.get("/other.jpg?width=30") and self.server.calls("ReadInFromDisk") >= looks + 3,
                   "the original is looked at again")
        self.assertEqual(self.server.calls("Encode") - before, 1)


class WithoutRoom(ImageTest):
    FILES = {"photo.jpg": encoded(photo(), "JPEG")}
    OPTIONS = ("--cache=0",)

    def test_nothing_is_kept(self):
        before = self.server.calls("Encode")
        for _ in range(5):
            self.assertEqual(self.server.get("/photo.jpg?width=20").status, 200)
            # The answer comes before the flow ends, which makes room.
            eventually(lambda: not any(source["in_flight"] for source in self.server.snapshot()["sources"]), "the flow ends")
        self.assertEqual(self.server.calls("Encode") - before, 5)


class LittleRoom(ImageTest):
    FILES = {"noise.png": encoded(Image.frombytes("RGB", (250, 200), os.urandom(150_000)), "PNG")}
    OPTIONS = ("--cache=1",)  # MiB, for results of some 100 KB

    # Those that were used last are kept, and no more than there is room for.
    def test_the_oldest_go(self):
        if self.server.snapshot()["model"] == "process":
            self.skipTest("each process has a cache of its own")
        results = [len(self.server.get(f"/noise.png?width={width}").body) for width in range(221, 251)]
        self.assertGreater(sum(results), 2 << 20)
        before = self.server.calls("Encode")
        self.server.get("/noise.png?width=250")
        self.assertEqual(self.server.calls("Encode"), before)
        self.server.get("/noise.png?width=221")
        self.assertEqual(self.server.calls("Encode"), before + 1)


main()
