Listen (int a) => (int a);
Parse (int a) => ();
source Listen => Parse;
