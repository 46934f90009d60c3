Any () => (int a);
Slow (int a) => (int a);
Quick (int a) => ();
F = Any -> Slow -> Quick;
blocking Slow;
nonblocking Quick;
