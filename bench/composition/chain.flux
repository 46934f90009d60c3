// Sixteen small nodes, two dispatches and an error edge: what composition costs shows here, since the nodes cost nothing.
typedef even IsEven;
typedef big IsBig;

Numbers () => (uint64_t a, uint64_t b);
Add (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Shift (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Mix (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Swap (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Halve (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Triple (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Rotate (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Check (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Mask (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Fold (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Small (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Big (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Invert (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Scale (uint64_t a, uint64_t b) => (uint64_t a, uint64_t b);
Total (uint64_t a, uint64_t b) => (uint64_t sum);
Sink (uint64_t sum) => ();

source Numbers => Chain;
Chain = Add -> Shift -> Mix -> Swap -> ByParity -> Rotate -> Check -> Mask -> Fold -> BySize -> Invert -> Scale -> Total -> Sink;
ByParity:[even, _] = Halve;
ByParity:[_, _] = Triple;
BySize:[big, _] = Big;
BySize:[_, _] = Small;

handle error Check => Dropped;
