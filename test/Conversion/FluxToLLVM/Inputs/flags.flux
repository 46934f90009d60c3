Any () => ();
Slow () => ();
Quick () => ();
F = Any -> Slow -> Quick;
blocking Slow;
nonblocking Quick;
