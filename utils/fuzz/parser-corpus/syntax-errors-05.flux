_ (int a) => (int a);
