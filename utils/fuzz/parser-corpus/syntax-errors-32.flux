constraint : {a};
