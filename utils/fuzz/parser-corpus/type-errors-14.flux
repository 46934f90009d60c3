Listen () => (int a);
Parse (char *a) => ();
source Listen => Parse;
