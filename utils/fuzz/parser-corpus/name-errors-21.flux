A (int a) => ();
typedef odd H;
handle error A => H;
