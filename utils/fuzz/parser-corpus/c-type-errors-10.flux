A (unsigned float a) => ();
B (long long long a) => ();
C (short char a) => ();
D (long double int a) => ();
E (signed unsigned a) => ();
