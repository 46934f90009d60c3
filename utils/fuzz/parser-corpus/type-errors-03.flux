A () => (size_t a, uint64_t b, int64_t c);
B (unsigned long a, unsigned long b, long long c) => ();
F = A -> B;
