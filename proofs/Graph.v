(** Programs as flux-translate writes them, with calls, and what certificates say of them. The checker never inlines; the
    meaning of a program is its calls inlined. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker.

Inductive gprog :=
| GSkip
| GNoMatch
| GCall (f : function)
| GSeq (p q : gprog)
| GBranch (p q : gprog)
| GRegion (hs : list hold) (p : gprog).

(** Functions are numbered: flows first, callers before those that they call, then nodes. *)
Record graph := {
  bodies : list gprog;
  roots : list function;                (* what sources name, and flows that nobody calls *)
  handlers : list (function * handler); (* each with the function whose errors it takes, in the order of [handlersOf] *)
  sessionLock : lock -> bool;
  lockRank : lock -> nat
}.

(** What a flow may hold where it is entered, or around a region: at most [cmay], at least [cmust], and of [creading]
    possibly only for reading. *)
Record context := { cmay : list hold; cmust : list hold; creading : list lock }.
Definition nothing := {| cmay := []; cmust := []; creading := [] |}.

(** The locks of an elimination; its point is that of the same number. *)
Record closure := { ownLocks : list hold; otherLocks : list hold; sharedLocks : list hold }.

(** Functions stand for tables of the reader of files: nothing is assumed of them. *)
Record gcertificate := {
  gwritten : list lock;                                   (* all locks that somebody writes *)
  entered : function -> list (context * list context);    (* with those around the regions of the flow, as in the text *)
  pointOf : nat -> point;                                 (* first those that are eliminated, in order *)
  numberOf : context -> hold -> nat;                      (* the point where this is wanted *)
  geliminated : list closure;
  gleft : nat;                                            (* how many points are left *)
  idle : nat -> bool;                                     (* the handlers, by their places, that no error reaches *)
  bounds : function -> list (nat * nat);                  (* how many flows of each handler's way are running in a flow *)
  failing : function -> bool                              (* the flows that an error may leave *)
}.

(** The meaning of a graph: its calls inlined. *)
Fixpoint inline (env : function -> prog) (g : gprog) : prog :=
  match g with
  | GSkip => Skip
  | GNoMatch => NoMatch
  | GCall f => env f
  | GSeq p q => Seq (inline env p) (inline env q)
  | GBranch p q => Branch (inline env p) (inline env q)
  | GRegion hs p => Region hs (inline env p)
  end.

Section WithGraph.
Variable G : graph.

Definition bodyOf f := nth f (bodies G) GSkip.
Definition isFlow (f : function) : bool := f <? length (bodies G).
Fixpoint inlineFunction (depth : nat) (f : function) : prog :=
  if isFlow f
  then Call f (match depth with 0 => Skip | S d => inline (inlineFunction d) (bodyOf f) end)
  else Node f.

Definition handlersFor (f : function) (hs : list (function * handler)) : list handler :=
  map snd (filter (fun e => fst e =? f) hs).

Definition programOf : program := {|
  flows := map (inlineFunction (length (bodies G))) (roots G);
  handlersOf := fun f => handlersFor f (handlers G);
  unfollowed := [];
  isSession := sessionLock G;
  rank := lockRank G
|}.

(** What the steps of a certificate depend on; without the flows, so that nothing is inlined to check them. *)
Definition lockFacts : program :=
  {| flows := []; handlersOf := fun _ => []; unfollowed := []; isSession := sessionLock G; rank := lockRank G |}.

(** That flows call later ones only, so that [inlineFunction] never cuts anything off. Anything behind the [count] flows
    is a node. *)
Fixpoint callsAfter (count : nat) (f : function) (g : gprog) : bool :=
  match g with
  | GSkip | GNoMatch => true
  | GCall h => (f <? h) || negb (h <? count)
  | GSeq p q | GBranch p q => callsAfter count f p && callsAfter count f q
  | GRegion _ p => callsAfter count f p
  end.
Fixpoint acyclicFrom (count : nat) (f : function) (gs : list gprog) : bool :=
  match gs with [] => true | g :: rest => callsAfter count f g && acyclicFrom count (S f) rest end.
Definition acyclic : bool := acyclicFrom (length (bodies G)) 0 (bodies G).

Lemma acyclicFrom_nth count : forall gs k f,
  acyclicFrom count k gs = true -> callsAfter count (k + f) (nth f gs GSkip) = true.
Proof.
  induction gs as [|g gs IH]; intros k f A; [now destruct f|]. cbn in A. apply andb_true_iff in A. destruct A as [A B].
  destruct f; cbn [nth]; [now rewrite Nat.add_0_r|]. rewrite <- Nat.add_succ_comm. now apply IH.
Qed.

Lemma inline_same e1 e2 f g : callsAfter (length (bodies G)) f g = true ->
  (forall h, f < h \/ length (bodies G) <= h -> e1 h = e2 h) -> inline e1 g = inline e2 g.
Proof.
  intros C E. induction g; cbn in *; try reflexivity; try (apply andb_true_iff in C; destruct C).
  - apply E. apply orb_true_iff in C. destruct C as [C|C]; [left; now apply Nat.ltb_lt|right].
    apply negb_true_iff in C. now apply Nat.ltb_ge.
  - now rewrite IHg1, IHg2.
  - now rewrite IHg1, IHg2.
  - now rewrite IHg.
Qed.

Lemma deep_enough : acyclic = true -> forall d d' f, length (bodies G) <= f + d -> length (bodies G) <= f + d' ->
  inlineFunction d f = inlineFunction d' f.
Proof.
  intros A. assert (Far : forall d f, length (bodies G) <= f -> inlineFunction d f = Node f).
  { intros d f L. destruct d; cbn [inlineFunction]; unfold isFlow; rewrite (proj2 (Nat.ltb_ge _ _) L); reflexivity. }
  induction d as [|d IH]; intros d' f L L'; [rewrite !Far by lia; reflexivity|].
  destruct (Nat.lt_ge_cases f (length (bodies G))) as [Lt|Ge]; [|rewrite !Far by lia; reflexivity].
  destruct d' as [|d']; [lia|]. cbn [inlineFunction]. destruct (isFlow f); [|reflexivity]. f_equal.
  apply inline_same with (f := f).
  - apply (acyclicFrom_nth _ _ 0). exact A.
  - intros h [H|H]; [apply IH; lia|now rewrite !Far].
Qed.

(** Inlining unfolds as a call should. *)
Theorem inline_unfold : acyclic = true -> forall f, f < length (bodies G) ->
  inlineFunction (length (bodies G)) f = Call f (inline (inlineFunction (length (bodies G))) (bodyOf f)).
Proof.
  intros A f F. rewrite (deep_enough A _ (S (length (bodies G))) f); [|lia..].
  cbn [inlineFunction]. unfold isFlow. now rewrite (proj2 (Nat.ltb_lt _ _) F).
Qed.
End WithGraph.
