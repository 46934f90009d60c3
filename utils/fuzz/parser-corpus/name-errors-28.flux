A (int a) => ();
blocking A;
nonblocking A;
