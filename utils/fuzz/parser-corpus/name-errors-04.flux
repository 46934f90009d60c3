constraint Read:{cache};
