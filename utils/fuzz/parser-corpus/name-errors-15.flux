A (int a) => ();
constraint A:{A};
