(** Makes certificates without help. Nothing is proved of it: what it makes is checked. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker.

Section WithProgram.
Variable P : program.

Definition pointOf (wr : list lock) (c : place) : point :=
  {| may := filter (fun h => memb (fst h) wr) (fst c); must := fst c; want := snd c |}.

Definition add (h : hold) (hs : list hold) := if existsb (hold_eqb h) hs then hs else h :: hs.

Definition grow (all points : list point) (e : elimination) : elimination :=
  fold_left (fun e q =>
    let grow1 same e :=
      if follows P all e same q then e else
      if isSession P (fst (want q))
      then if same then {| who := who e; own := add (want q) (own e); other := other e; shared := shared e |}
                   else {| who := who e; own := own e; other := add (want q) (other e); shared := shared e |}
      else {| who := who e; own := own e; other := other e; shared := add (want q) (shared e) |} in
    grow1 false (grow1 true e)) points e.

Fixpoint iterate {A} (n : nat) (f : A -> A) (x : A) : A := match n with 0 => x | S n => iterate n f (f x) end.

Definition startAt (p : point) : elimination :=
  if isSession P (fst (want p)) then {| who := p; own := [want p]; other := []; shared := [] |}
  else {| who := p; own := []; other := []; shared := [want p] |}.

(** One sweep: what can be eliminated, and what stays. *)
Fixpoint sweep (all : list point) (fuel : nat) (todo kept : list point) : list elimination * list point :=
  match todo with
  | [] => ([], rev kept)
  | p :: rest =>
      let others := rev kept ++ rest in
      let e := iterate fuel (grow all (p :: others)) (startAt p) in
      if eliminates P all e others
      then let (es, left) := sweep all fuel rest kept in (e :: es, left)
      else sweep all fuel rest (p :: kept)
  end.

Fixpoint sweeps (all : list point) (fuel n : nat) (points : list point) : list elimination * list point :=
  match n with
  | 0 => ([], points)
  | S n => match sweep all fuel points [] with
           | ([], left) => ([], left)
           | (es, left) => let (more, stay) := sweeps all fuel n left in (es ++ more, stay)
           end
  end.

Definition generate : certificate :=
  let wr := written P in
  let points := map (pointOf wr) (filter (fun c => memb (fst (snd c)) wr) (places P)) in
  let (es, left) := sweeps points (2 * S (length wr)) (S (length points)) points in
  {| eliminations := es; left := left; order := rank P |}.

Definition verdict : bool := check P generate.
End WithProgram.
