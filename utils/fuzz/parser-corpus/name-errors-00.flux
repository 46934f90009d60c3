ReadRequest (int a) => (int a);
F = ReadRequest -> ReadReqest;
