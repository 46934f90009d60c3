A (int a) => ();
handle error A => H;
handle error A => J;
