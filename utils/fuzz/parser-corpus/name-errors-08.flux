A (int a) => ();
constraint A:{cache};
F = cache;
