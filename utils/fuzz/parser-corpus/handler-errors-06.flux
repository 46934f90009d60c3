A (int a) => (int a);
H (int a) => (int a);
handle error A => H;
