Listen () => (int a);
Poll () => (char *a);
A (int a) => ();
B (char *a) => ();
source Listen {session: Sid} => A;
source Poll {session: Sid} => B;
