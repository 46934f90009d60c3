/// by_hand.cpp - chain.flux as a programmer writes it who has no Flux: one function that calls the nodes.
#include "chain.flux.h"
#include "flux/rt/context.h"

/// Runs the chain once. The context is for the flow, which is called alike.
// NOLINTNEXTLINE(readability-function-size): that it is one function is the point.
void runByHand(flux_ir_context *, void *input) {
  auto &add = *static_cast<Add_in *>(input);
  Add_out added;
  if (Add(&add, &added) != 0)
    return;
  Shift_in shift = {added.a, added.b};
  Shift_out shifted;
  if (Shift(&shift, &shifted) != 0)
    return;
  Mix_in mix = {shifted.a, shifted.b};
  Mix_out mixed;
  if (Mix(&mix, &mixed) != 0)
    return;
  Swap_in swap = {mixed.a, mixed.b};
  Swap_out swapped;
  if (Swap(&swap, &swapped) != 0)
    return;
  Rotate_in rotate;
  if (IsEven(swapped.a)) {
    Halve_in halve = {swapped.a, swapped.b};
    Halve_out halved;
    if (Halve(&halve, &halved) != 0)
      return;
    rotate = {halved.a, halved.b};
  } else {
    Triple_in triple = {swapped.a, swapped.b};
    Triple_out tripled;
    if (Triple(&triple, &tripled) != 0)
      return;
    rotate = {tripled.a, tripled.b};
  }
  Rotate_out rotated;
  if (Rotate(&rotate, &rotated) != 0)
    return;
  Check_in check = {rotated.a, rotated.b};
  Check_out checked;
  if (const int error = Check(&check, &checked)) {
    Dropped(&check, error);
    return;
  }
  Mask_in mask = {checked.a, checked.b};
  Mask_out masked;
  if (Mask(&mask, &masked) != 0)
    return;
  Fold_in fold = {masked.a, masked.b};
  Fold_out folded;
  if (Fold(&fold, &folded) != 0)
    return;
  Invert_in invert;
  if (IsBig(folded.a)) {
    Big_in big = {folded.a, folded.b};
    Big_out bigger;
    if (Big(&big, &bigger) != 0)
      return;
    invert = {bigger.a, bigger.b};
  } else {
    Small_in small = {folded.a, folded.b};
    Small_out smaller;
    if (Small(&small, &smaller) != 0)
      return;
    invert = {smaller.a, smaller.b};
  }
  Invert_out inverted;
  if (Invert(&invert, &inverted) != 0)
    return;
  Scale_in scale = {inverted.a, inverted.b};
  Scale_out scaled;
  if (Scale(&scale, &scaled) != 0)
    return;
  Total_in total = {scaled.a, scaled.b};
  Total_out totalled;
  if (Total(&total, &totalled) != 0)
    return;
  Sink_in sink = {totalled.sum};
  Sink(&sink);
}
