Count () => (int number);
Double (int number) => (int number);
Print (int number) => ();

source Count => Serve;
Serve = Double -> Print;
constraint Print:{terminal};
