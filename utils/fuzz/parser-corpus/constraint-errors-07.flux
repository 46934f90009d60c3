Listen () => (int a);
A (int a) => ();
source Listen => A;
handle error A => H;
constraint H:{x(session)};
