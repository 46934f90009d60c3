#include "link-nodes.flux.h"

void elsewhere(int n);

int Next(Next_out *out) { return out->n = 1, 0; }
int Add(Add_in *in, Add_out *out) { return out->n = in->n + 40, in->n < 0 ? 7 : 0; }
int Double(Double_in *in, Double_out *out) { return out->n = in->n * 2, 0; }
bool IsSmall(int n) { return n < 1000; }
__attribute__((noinline)) int Far(Far_in *in, Far_out *out) { return out->n = in->n, 0; }
int Show(Show_in *in) { return elsewhere(in->n), 0; }
void Lost(Add_in *in, int error) { elsewhere(in->n + error); }

#define FOUR(x) x, x, x, x
#define CALLS FOUR(FOUR(FOUR(elsewhere(in->n))))
int Large(Large_in *in, Large_out *out) { return CALLS, out->n = in->n, 0; }
