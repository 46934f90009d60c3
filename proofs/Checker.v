(** The checker: executable, and what has to be trusted is its theorem in Sound.v. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model.

Definition memb (l : lock) (ls : list lock) : bool := existsb (Nat.eqb l) ls.
Definition meet (a b : list lock) : bool := existsb (fun l => memb l b) a.
Definition mode_eqb (a b : mode) : bool := match a, b with R, R | W, W => true | _, _ => false end.
Definition hold_eqb (a b : hold) : bool := (fst a =? fst b) && mode_eqb (snd a) (snd b).

(** Where flows wait: exactly what they hold, and what they want. *)
Definition place := (list hold * hold)%type.

Definition placesOf (H : list hold) (h : hold) : list place := if holdsAlready H h then [] else [(H, h)].

Fixpoint acquirePlaces (H : list hold) (hs : list hold) : list place :=
  match hs with [] => [] | h :: rest => placesOf H h ++ acquirePlaces (h :: H) rest end.

Section WithProgram.
Variable P : program.

(** A handler starts with nothing held. *)
Definition handlerPlaces (taken : option handler) : list place :=
  match taken with Some h => acquirePlaces [] (inOrder (rank P) (region h)) | None => [] end.

(** Within the flows of [stack], innermost first. *)
Fixpoint progPlaces (stack : list function) (H : list hold) (p : prog) : list place :=
  match p with
  | Skip => []
  | Node _ | NoMatch => handlerPlaces (takenBy P p stack)
  | Seq p q | Branch p q => progPlaces stack H p ++ progPlaces stack H q
  | Region hs p => let own := inOrder (rank P) hs in
                   acquirePlaces H own ++ progPlaces stack (rev own ++ H) p
  | Call f p => progPlaces (f :: stack) H p
  end.

Definition places : list place :=
  flat_map (progPlaces [] []) (flows P) ++ flat_map (fun hs => acquirePlaces [] (inOrder (rank P) hs)) (unfollowed P).

(** Locks that somebody writes; only they make anybody wait. *)
Definition written : list lock :=
  flat_map (fun c : place => map fst (filter (fun h => mode_eqb (snd h) W) (snd c :: fst c))) places.

(** What a certificate says of places: many of them may be described at once. *)
Record point := { may : list hold; must : list hold; want : hold }.

Definition covers (wr : list lock) (p : point) (c : place) : bool :=
  forallb (fun h => negb (memb (fst h) wr) || holdsAlready (may p) h) (fst c)
  && forallb (holdsAlready (fst c)) (must p)
  && hold_eqb (want p) (snd c).

(** Whether two flows cannot stand at both points at once. *)
Definition excludes (sameSession : bool) (p q : point) : bool :=
  existsb (fun h => (sameSession || negb (isSession P (fst h))) &&
    existsb (fun x => (fst h =? fst x) && conflict (snd h) (snd x)) (must q)) (must p).

(** Shows that no flow at [who] waits for itself: from there on, through points that do not exclude it, only the
    locks [own] are wanted by flows of its session, [other] by those of other sessions, and [shared] of the program,
    and nobody waits for it with one of them. *)
Record elimination := { who : point; own : list hold; other : list hold; shared : list hold }.

Definition wantIn (e : elimination) (sameSession : bool) (q : point) : bool :=
  existsb (hold_eqb (want q))
    (if isSession P (fst (want q)) then if sameSession then own e else other e else shared e).

(** A reader waits for a reader only behind a writer, who waits beside both of them and beside [who]. *)
Definition writerBeside (all : list point) (e : elimination) (sameSession : bool) (l : lock) (q : point) : bool :=
  existsb (fun z => hold_eqb (want z) (l, W) &&
    (hold_eqb (want (who e)) (l, W)
     || negb (excludes (isSession P l && sameSession) (who e) z) && negb (excludes (isSession P l) q z))) all.

Definition blocks (all : list point) (e : elimination) (sameSession : bool) (q : point) (h : hold) : bool :=
  existsb (fun x => (fst x =? fst h) &&
    (conflict (snd h) (snd x) || writerBeside all e sameSession (fst h) q)) (may q).

Definition follows (all : list point) (e : elimination) (sameSession : bool) (q : point) : bool :=
  excludes sameSession (who e) q
  || negb (existsb (blocks all e sameSession q) (shared e ++ if sameSession then own e else other e))
  || wantIn e sameSession q.

Definition eliminates (all : list point) (e : elimination) (rest : list point) : bool :=
  wantIn e true (who e)
  && negb (existsb (blocks all e true (who e)) (shared e ++ own e))
  && forallb (fun q => follows all e true q && follows all e false q) (who e :: rest).

(** Nobody wants to write what he reads. *)
Definition upgrades (p : point) : bool := existsb (fun x => fst x =? fst (want p)) (may p).

(** Points are eliminated one by one; those left at the end wait for locks behind all that they hold. *)
Record certificate := { eliminations : list elimination; left : list point; order : lock -> nat }.

Definition rises (order : lock -> nat) (p : point) : bool :=
  forallb (fun h => order (fst h) <? order (fst (want p))) (may p).

Fixpoint checkSteps (all : list point) (es : list elimination) (left : list point) : bool :=
  match es with
  | [] => true
  | e :: rest => eliminates all e (map who rest ++ left) && checkSteps all rest left
  end.

Definition check (c : certificate) : bool :=
  let wr := written in
  let points := map who (eliminations c) ++ left c in
  forallb (fun x => negb (memb (fst (snd x)) wr) || existsb (fun p => covers wr p x) points) places
  && forallb (fun p => negb (upgrades p)) points
  && checkSteps points (eliminations c) (left c)
  && forallb (rises (order c)) (left c).
End WithProgram.
