(** Verdicts: what the checker accepts of small programs, with certificates that it makes itself. *)
From Coq Require Import List Arith Bool.
Import ListNotations.
From Flux Require Import Model Checker Generate.

(** A flow of regions one inside the other, and programs of such flows; [sess] are the locks of sessions. *)
Definition chain (hss : list (list hold)) : prog := fold_right (fun hs p => Region hs (Seq (Node 0) p)) Skip hss.
Definition prg (sess : list lock) (ps : list prog) :=
  {| flows := ps; handlersOf := fun _ => []; unfollowed := []; isSession := fun l => memb l sess; rank := fun l => l |}.
Definition w (l : lock) : list hold := [(l, W)].
Definition r (l : lock) : list hold := [(l, R)].

Example inversion : verdict (prg [] [chain [w 0; w 1]; chain [w 1; w 0]]) = false.
Proof. reflexivity. Qed.
Example gated : verdict (prg [] [chain [w 2; w 0; w 1]; chain [w 2; w 1; w 0]]) = true.
Proof. reflexivity. Qed.

(** A gate works if one of the two writes it. *)
Example gate_of_reader_and_writer : verdict (prg [] [chain [w 2; w 0; w 1]; chain [r 2; w 1; w 0]]) = true.
Proof. reflexivity. Qed.
Example gate_of_readers : verdict (prg [] [chain [r 2; w 0; w 1]; chain [r 2; w 1; w 0]; chain [w 2]]) = false.
Proof. reflexivity. Qed.

(** Readers wait for readers where a writer queues between them: locks are fair. *)
Example readers_with_writers :
  verdict (prg [] [chain [r 0; r 1]; chain [r 1; r 0]; chain [w 0]; chain [w 1]]) = false.
Proof. reflexivity. Qed.
Example readers_alone : verdict (prg [] [chain [r 0; r 1]; chain [r 1; r 0]]) = true.
Proof. reflexivity. Qed.

(** Who reads must not ask to write; who writes may read, and write again. *)
Example upgrade : verdict (prg [] [chain [r 0; w 0]]) = false.
Proof. reflexivity. Qed.
Example reentrance : verdict (prg [] [chain [w 0; r 0; w 0]]) = true.
Proof. reflexivity. Qed.

(** The gate of a session excludes flows of that session only; that is enough where one wait of the circle is for a
    lock of the session. *)
Example session_gate : verdict (prg [2; 0; 1] [chain [w 2; w 0; w 1]; chain [w 2; w 1; w 0]]) = true.
Proof. reflexivity. Qed.
Example session_gate_of_program_locks : verdict (prg [2] [chain [w 2; w 0; w 1]; chain [w 2; w 1; w 0]]) = false.
Proof. reflexivity. Qed.
Example session_gate_of_both : verdict (prg [2; 0] [chain [w 2; w 0; w 1]; chain [w 2; w 1; w 0]]) = true.
Proof. reflexivity. Qed.

(** A circle that visits its first flow's place twice, in two sessions: h w m n of sessions are 0 1 2 3, g1 g2 are 4 5.
    Either half of it is excluded by a gate, [m] or [n]; the whole is not. Reach.v runs into it. *)
Definition twoGates (sess : list lock) := prg sess
  [chain [w 0; w 1]; chain [w 2; w 1; w 4]; chain [w 2; w 4; w 0]; chain [w 3; w 1; w 5]; chain [w 3; w 5; w 0]].
Definition brief := twoGates [0; 1; 2; 3].
Example brief_refused : verdict brief = false.
Proof. reflexivity. Qed.
Example brief_left : map want (left (generate brief)) = [(1, W); (4, W); (0, W); (5, W); (0, W)].
Proof. reflexivity. Qed.
(** With gates of the program it is sound. *)
Example mended_accepted : verdict (twoGates [0; 1]) = true.
Proof. reflexivity. Qed.

(** ** Handlers *)
Definition with_handlers (hs : list (function * handler)) (ps : list prog) :=
  {| flows := ps; handlersOf := fun f => map snd (filter (fun e => fst e =? f) hs); unfollowed := [];
     isSession := fun _ => false; rank := fun l => 9 - l |}.

(** A handler that takes [1] and then [0] meets a flow that takes them in the other order; only where an error reaches
    it. Function 1 is a flow, 2 and 3 are nodes. *)
Definition handled hs := with_handlers hs [Call 1 (Region (w 0) (Region (w 1) (Node 2)))].
Definition inverted (ws : list function) : handler := {| way := ws; region := [(0, W); (1, W)] |}.
Definition harmless : handler := {| way := [1]; region := [] |}.

Example handler_reached : verdict (handled [(2, inverted [1])]) = false.
Proof. reflexivity. Qed.
Example handler_of_the_flow_around : verdict (handled [(1, inverted [])]) = false.
Proof. reflexivity. Qed.
Example handler_of_another_node : verdict (handled [(3, inverted [])]) = true.
Proof. reflexivity. Qed.
Example handler_elsewhere : verdict (handled [(2, inverted [4])]) = true.
Proof. reflexivity. Qed.
(** The longer way is asked first, and a node's own handler before its flow's. *)
Example handler_behind_another : verdict (handled [(2, harmless); (2, inverted [])]) = true.
Proof. reflexivity. Qed.
Example handler_outside_another : verdict (handled [(2, harmless); (1, inverted [])]) = true.
Proof. reflexivity. Qed.
(** That no case fits is an error of the flow, not of its last node. *)
Example no_match (hs := [(2, inverted []); (1, harmless)]) :
  verdict (with_handlers hs [Call 4 (Call 1 (Region (w 0) (Region (w 1) NoMatch)))]) = true.
Proof. reflexivity. Qed.
Example no_match_reached (hs := [(1, inverted [])]) :
  verdict (with_handlers hs [Call 4 (Call 1 (Region (w 0) (Region (w 1) NoMatch)))]) = false.
Proof. reflexivity. Qed.
