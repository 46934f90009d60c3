constraint A:{a(global)};
