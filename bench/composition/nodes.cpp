/// nodes.cpp - nodes of a few instructions each.
#include "chain.flux.h"

uint64_t checksum, dropped;

extern "C" {
int Numbers(Numbers_out *) { return FLUX_STOP; } // the driver makes the numbers

int Add(Add_in *in, Add_out *out) { return out->a = in->a + in->b, out->b = in->b + 1, 0; }
int Shift(Shift_in *in, Shift_out *out) { return out->a = in->a << 1, out->b = in->b >> 1, 0; }
int Mix(Mix_in *in, Mix_out *out) { return out->a = in->a ^ (in->b << 7), out->b = in->b + in->a, 0; }
int Swap(Swap_in *in, Swap_out *out) { return out->a = in->b, out->b = in->a, 0; }
int Halve(Halve_in *in, Halve_out *out) { return out->a = in->a / 2, out->b = in->b, 0; }
int Triple(Triple_in *in, Triple_out *out) { return out->a = in->a * 3, out->b = in->b + 3, 0; }
int Rotate(Rotate_in *in, Rotate_out *out) { return out->a = in->a << 9 | in->a >> 55, out->b = in->b, 0; }
int Check(Check_in *in, Check_out *out) { return out->a = in->a, out->b = in->b, in->a % 1024 == 0 ? 5 : 0; }
int Mask(Mask_in *in, Mask_out *out) { return out->a = in->a & 0xffffffff, out->b = in->b & 0xffff, 0; }
int Fold(Fold_in *in, Fold_out *out) { return out->a = in->a ^ in->a >> 13, out->b = in->b - in->a, 0; }
int Small(Small_in *in, Small_out *out) { return out->a = in->a + 1, out->b = in->b, 0; }
int Big(Big_in *in, Big_out *out) { return out->a = in->a >> 3, out->b = in->b ^ 1, 0; }
int Invert(Invert_in *in, Invert_out *out) { return out->a = ~in->a, out->b = in->b, 0; }
int Scale(Scale_in *in, Scale_out *out) { return out->a = in->a * 5, out->b = in->b * 7, 0; }
int Total(Total_in *in, Total_out *out) { return out->sum = in->a + in->b, 0; }
int Sink(Sink_in *in) { return checksum += in->sum, 0; }

bool IsEven(uint64_t a) { return a % 2 == 0; }
bool IsBig(uint64_t a) { return a > 0x7fffffff; }
void Dropped(Check_in *, int) { ++dropped; }
}
