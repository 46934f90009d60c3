handle A => B;
