A (int) => (int a);
