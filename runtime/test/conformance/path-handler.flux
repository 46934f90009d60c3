// A handler of a path takes the errors of a node within one flow only; elsewhere the node's own handler does.
Numbers () => (int n);
Fail (int n) => (int n);
Here (int n) => (int n);
There (int n) => (int n);
End (int n) => ();

typedef even IsEven;

source Numbers => Main;
Main = Choose -> End;
Choose:[even] = InHere;
Choose:[_] = InThere;
InHere = Here -> Fail;
InThere = There -> Fail;

handle error InHere -> Fail => TakeHere;
handle error Fail => TakeAnywhere;

// RUN: %fluxc %s %S/path-handler.c --model=%model -o %t && %run %t
