A (int a) => (int a, char *text);
B (int a, unsigned char *text) => ();
F = A -> B;
