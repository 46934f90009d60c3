A (int a) => (int a) B (int a) => (int a);
