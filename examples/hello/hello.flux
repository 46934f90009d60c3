// Greets everybody in a list, each in a flow of its own.
NextName () => (const char *name);
Greet (const char *name) => (const char *greeting);
Print (const char *greeting) => ();

source NextName => Hello;
Hello = Greet -> Print;

// Greetings are made at the same time, but printed one after the other.
constraint Print:{terminal};
