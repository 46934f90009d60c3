include "include/number.h";
Count () => (number value);
Print (number value) => ();
source Count => Serve;
Serve = Print;
