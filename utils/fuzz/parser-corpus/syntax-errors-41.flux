handle error A;
