F = A);
