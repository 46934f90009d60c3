Listen () => (int a);
A (int a) => ();
source Listen => A;
constraint A:{x(session)};
