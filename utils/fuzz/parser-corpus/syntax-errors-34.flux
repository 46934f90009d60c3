atomic A: cache;
