F:hit = A;
