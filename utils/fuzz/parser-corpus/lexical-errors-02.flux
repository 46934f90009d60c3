A (int a) => ();
/* B (int a) => ();
C (int a) => ();
