Listen () => (int a);
A (int a) => ();
F = A;
G = F;
source Listen => G;
constraint A:{x(session)};
