// `b` within `a`, and both together: the rank of `a` must be the lower one.
Listen () => (int socket);
Work (int socket) => (int socket);
Close (int socket) => ();
source Listen => Page;
Page = Outer -> Both -> Close;
Outer = Inner;
Inner = Work;
Both = Work;
constraint Outer:{a};
constraint Inner:{b, c?};
constraint Both:{a, b};
constraint Close:{c};
