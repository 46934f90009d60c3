From Coq Require Import List Arith Bool.
Import ListNotations.
From Flux Require Import Model Checker.

Definition chain (hss : list (list hold)) : flow :=
  {| body := fold_right (fun hs p => Region hs (Seq Node p)) Skip hss; handlers := [] |}.
Definition prg (sess : list lock) fs := {| flows := fs; isSession := fun l => memb l sess; rank := fun l => l |}.
Definition w (l : lock) : list hold := [(l, W)].
Definition r (l : lock) : list hold := [(l, R)].

(* a, then b; b, then a *)
Example inversion := prg [] [chain [w 0; w 1]; chain [w 1; w 0]].
Compute verdict inversion. (* false *)
(* gated *)
Example gated := prg [] [chain [w 2; w 0; w 1]; chain [w 2; w 1; w 0]].
Compute verdict gated. (* true *)
(* gated by a reader and a writer: readers only deadlock not *)
Example gatedRW := prg [] [chain [w 2; w 0; w 1]; chain [r 2; w 1; w 0]].
Compute verdict gatedRW. (* true *)
Example gatedRR := prg [] [chain [r 2; w 0; w 1]; chain [r 2; w 1; w 0]; chain [w 2]].
Compute verdict gatedRR. (* false *)
(* readers of a and b in both orders, with writers: fair locks deadlock *)
Example readers := prg [] [chain [r 0; r 1]; chain [r 1; r 0]; chain [w 0]; chain [w 1]].
Compute verdict readers. (* false *)
Example readersOnly := prg [] [chain [r 0; r 1]; chain [r 1; r 0]].
Compute verdict readersOnly. (* true *)
(* upgrade *)
Compute verdict (prg [] [chain [r 0; w 0]]). (* false *)
Compute verdict (prg [] [chain [w 0; r 0; w 0]]). (* true *)
(* a session lock as gate: excuses session locks only *)
Compute verdict (prg [2; 0; 1] [chain [w 2; w 0; w 1]; chain [w 2; w 1; w 0]]). (* true *)
Compute verdict (prg [2] [chain [w 2; w 0; w 1]; chain [w 2; w 1; w 0]]). (* false *)
Compute verdict (prg [2; 0] [chain [w 2; w 0; w 1]; chain [w 2; w 1; w 0]]). (* true: one edge by a session lock joins both *)

(* h w m n of sessions: 0 1 2 3; g1 g2: 4 5 *)
Definition brief := prg [0; 1; 2; 3]
  [chain [w 0; w 1]; chain [w 2; w 1; w 4]; chain [w 2; w 4; w 0]; chain [w 3; w 1; w 5]; chain [w 3; w 5; w 0]].
Compute verdict brief. (* false *)
Compute length (left (generate brief)).
Compute map want (left (generate brief)).
(* with one common gate for X and W, and for Y and Z, of the program: refused no longer *)
Definition mended := prg [0; 1]
  [chain [w 0; w 1]; chain [w 2; w 1; w 4]; chain [w 2; w 4; w 0]; chain [w 3; w 1; w 5]; chain [w 3; w 5; w 0]].
Compute verdict mended.
