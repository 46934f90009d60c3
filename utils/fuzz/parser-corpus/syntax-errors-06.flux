7 (int a) => (int a);
