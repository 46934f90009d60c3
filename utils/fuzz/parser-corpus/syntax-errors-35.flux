constraint A:{a?!};
