F = A => B;
