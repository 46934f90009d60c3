Listen () => (int a);
A (int a) => ();
source Listen {session: Sid} => A;
constraint Listen:{x(session)};
