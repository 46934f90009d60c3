// A server with one of everything that a snapshot has a key for.
Next () => (int number);
Hash (int number) => (int number);
Store (int number) => (int number);
Wait (int number) => ();

source Next {session: SessionOf} => Serve;
Serve = Hash -> Store -> Wait;
handle error Wait => Lost;

nonblocking Hash;
constraint Store:{visits(session)};    // not needed on loops
constraint Wait:{line};                // needed everywhere
