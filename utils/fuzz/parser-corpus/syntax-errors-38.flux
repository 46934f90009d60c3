constraint A:{a;
