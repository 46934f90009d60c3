Numbers () => (int n);
Insert (int n) => (int n);
Save (int n) => ();
Promised () => ();

source Numbers => Flow;
Flow = Insert -> Save;
constraint Insert:{table};
constraint Save:{disk};
nonblocking Promised;
