F = A B;
