Listen () => (int a);
Poll () => (int a);
A (int a) => ();
source Listen {session: Sid} => A;
source Poll => A;
constraint A:{x?(session)};
