constraint A:{a(session};
