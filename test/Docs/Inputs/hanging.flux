// The server whose snapshot docs/Operating.md shows: one flow holds a constraint and waits for a pipe that nobody fills, others
// wait for the constraint, and the rest for a worker.
Listen () => (int client);
Parse (int client) => (int client);
Update (int client) => ();

source Listen => Serve;
Serve = Parse -> Update;
constraint Update:{table};
