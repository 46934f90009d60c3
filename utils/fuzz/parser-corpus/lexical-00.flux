/* A comment goes on for several lines, /* does not nest, and may hold "quotes" and // slashes.
 */
A/**/(int/* an int */a)=>(int b);// and no newline is needed

source (int error, int session) => (int error, int session);
handle (int source, int include) => (int atomic);
blocking = source -> handle;
constraint = blocking;
include:[_, _] = constraint;
error () => (int error);
session (int program) => ();
source error {session: program} => session;
handle error session => atomic;
