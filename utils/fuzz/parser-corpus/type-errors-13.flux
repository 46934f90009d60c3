Listen () => (int a, int b, int c);
Parse (int a, int b) => ();
source Listen => Parse;
