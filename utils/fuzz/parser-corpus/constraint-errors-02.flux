A (int a) => ();
constraint A:{x};
atomic A:{x};
