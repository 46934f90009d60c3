Listen () => (int a);
Page (int a) => ();
source Listen {session: Page} => Page;
