A (int a) => ();
B (int a) => ();
constraint A:{x};
constraint B:{x(session)};
