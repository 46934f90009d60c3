A (int a, char a) => (int b, int b);
