A (int (*f)(int)) => ();
