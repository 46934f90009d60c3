Listen () => (int a);
Page (int a) => ();
source Listen => Page;
source Listen => Page;
