A (int a) => ();
nonblocking A;
nonblocking A;
