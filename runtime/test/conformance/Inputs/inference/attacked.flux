// Forty flows of one session, and a constraint that keeps them apart. The cases in this directory have Work.
Numbers () => (int n);
Work (int n) => ();

source Numbers {session: SessionOf} => Work;
constraint Work:{alone(session)};
