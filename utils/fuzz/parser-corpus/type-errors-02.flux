A () => (const char *a);
B (char *a) => ();
F = A -> B;
