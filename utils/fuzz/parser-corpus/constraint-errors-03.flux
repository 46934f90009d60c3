typedef odd IsOdd;
constraint odd:{x};
