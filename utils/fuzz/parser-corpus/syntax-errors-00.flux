A (int a) = (int a);
F = -> A;
source A B;
G = A -> ;
handle errors A => B;
