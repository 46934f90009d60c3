Listen () => (int a);
Parse (int a) => (int a);
source Listen => Parse;
