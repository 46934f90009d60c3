constraint A:{};
