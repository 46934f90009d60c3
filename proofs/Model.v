(** Flux flows, their locks, and what a deadlock is. Nothing here depends on the checker. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.

Definition lock := nat.
Inductive mode := R | W.
Definition hold := (lock * mode)%type.

Definition conflict (a b : mode) : bool := match a, b with R, R => false | _, _ => true end.
(** [a] suffices where [b] is wanted. *)
Definition suffices (a b : mode) : bool := match a, b with R, W => false | _, _ => true end.
Definition stronger (a b : mode) : mode := match a with W => W | R => b end.

(** A flow, calls inlined (they are acyclic). [Node] is anything that takes no Flux lock and may fail. *)
Inductive prog :=
| Skip
| Node
| Seq (p q : prog)
| Branch (p q : prog)
| Region (holds : list hold) (p : prog).

(** On an error everything is released, and then one of the handlers runs within its region, or none. *)
Record flow := { body : prog; handlers : list (list hold) }.

Record program := {
  flows : list flow;
  isSession : lock -> bool;
  rank : lock -> nat  (* the order in which one region takes its own locks *)
}.

(** A region's own locks: each once with its strongest mode, in the order of ranks. *)
Fixpoint insert (rank : lock -> nat) (h : hold) (hs : list hold) : list hold :=
  match hs with
  | [] => [h]
  | x :: rest =>
      if fst x =? fst h then (fst x, stronger (snd x) (snd h)) :: rest
      else if rank (fst h) <? rank (fst x) then h :: hs
      else x :: insert rank h rest
  end.
Definition inOrder rank (hs : list hold) : list hold := fold_right (insert rank) [] hs.

(** What a flow has still to do. *)
Inductive item :=
| Run (p : prog)
| Acquire (h : hold)
| Release (count : nat). (* the latest [count] acquisitions *)

Record thread := {
  code_of : flow;
  session : nat;
  held : list hold;      (* latest first, one entry for each acquisition, re-entrant ones too *)
  todo : list item;
  waiting : bool         (* in the queue of the lock of the first item, an [Acquire] *)
}.

(** Whether a flow that holds [hs] need not wait for [h]: re-entrance. *)
Definition holdsAlready (hs : list hold) (h : hold) : bool :=
  existsb (fun x => (fst x =? fst h) && suffices (snd x) (snd h)) hs.

Definition regionCode (hs : list hold) (inner rest : list item) : list item :=
  map Acquire hs ++ inner ++ Release (length hs) :: rest.

Section Semantics.
Variable P : program.

(** A lock of scope session is one lock for each session. *)
Definition instance := (lock * nat)%type.
Definition instanceOf (s : nat) (l : lock) : instance := (l, if isSession P l then s else 0).

(** What a flow does alone: what it holds and has to do before and after. *)
Inductive local : flow -> list hold * list item -> list hold * list item -> Prop :=
| LSkip f H c : local f (H, Run Skip :: c) (H, c)
| LNode f H c : local f (H, Run Node :: c) (H, c)
| LSeq f H p q c : local f (H, Run (Seq p q) :: c) (H, Run p :: Run q :: c)
| LLeft f H p q c : local f (H, Run (Branch p q) :: c) (H, Run p :: c)
| LRight f H p q c : local f (H, Run (Branch p q) :: c) (H, Run q :: c)
| LRegion f H hs p c : local f (H, Run (Region hs p) :: c) (H, regionCode (inOrder (rank P) hs) [Run p] c)
| LReenter f H h c : holdsAlready H h = true -> local f (H, Acquire h :: c) (h :: H, c)
| LRelease f H n c : local f (H, Release n :: c) (skipn n H, c).

(** An error may come at any time but while waiting. *)
Inductive fails : flow -> list item -> Prop :=
| FEnd f : fails f []
| FHandler f hs : In hs (handlers f) -> fails f (regionCode (inOrder (rank P) hs) [] []).

Record state := {
  threads : nat -> option thread;
  queue : instance -> list (nat * mode)  (* first come first *)
}.

Definition holdsInstance (th : thread) (i : instance) (m : mode) : Prop :=
  exists l, In (l, m) (held th) /\ instanceOf (session th) l = i.

(** Nobody holds [i] in a way that conflicts with [m]; the asker counts, so that nobody upgrades. *)
Definition isFree (s : state) (i : instance) (m : mode) : Prop :=
  forall u th m', threads s u = Some th -> holdsInstance th i m' -> conflict m m' = false.

Definition upd {A} (f : nat -> A) (t : nat) (x : A) : nat -> A := fun u => if u =? t then x else f u.
Definition instance_eqb (i j : instance) : bool := (fst i =? fst j) && (snd i =? snd j).
Definition updq (f : instance -> list (nat * mode)) (i : instance) x : instance -> list (nat * mode) :=
  fun j => if instance_eqb j i then x else f j.

Definition setThread (th : thread) H c w :=
  {| code_of := code_of th; session := session th; held := H; todo := c; waiting := w |}.

(** [own] steps are those that need neither an error nor a new flow. *)
Inductive step : bool -> state -> state -> Prop :=
| SSpawn s t f n :
    In f (flows P) -> threads s t = None ->
    step false s {| threads := upd (threads s) t
                      (Some {| code_of := f; session := n; held := []; todo := [Run (body f)]; waiting := false |});
                    queue := queue s |}
| SLocal s t th H c :
    threads s t = Some th -> waiting th = false -> local (code_of th) (held th, todo th) (H, c) ->
    step true s {| threads := upd (threads s) t (Some (setThread th H c false)); queue := queue s |}
| SFail s t th c :
    threads s t = Some th -> waiting th = false -> fails (code_of th) c ->
    step false s {| threads := upd (threads s) t (Some (setThread th [] c false)); queue := queue s |}
| SRequest s t th l m c : (* queue behind all that wait *)
    threads s t = Some th -> waiting th = false -> todo th = Acquire (l, m) :: c ->
    holdsAlready (held th) (l, m) = false ->
    step true s {| threads := upd (threads s) t (Some (setThread th (held th) (todo th) true));
                   queue := updq (queue s) (instanceOf (session th) l)
                                 (queue s (instanceOf (session th) l) ++ [(t, m)]) |}
| SGrant s t th l m c rest : (* the first of the queue is served, nobody else of it *)
    threads s t = Some th -> waiting th = true -> todo th = Acquire (l, m) :: c ->
    queue s (instanceOf (session th) l) = (t, m) :: rest ->
    isFree s (instanceOf (session th) l) m ->
    step true s {| threads := upd (threads s) t (Some (setThread th ((l, m) :: held th) c false));
                   queue := updq (queue s) (instanceOf (session th) l) rest |}
| SBarge s t th l m c : (* before it queues, a flow may take a lock that is free (the runtime spins for 2 us) *)
    threads s t = Some th -> waiting th = false -> todo th = Acquire (l, m) :: c ->
    holdsAlready (held th) (l, m) = false ->
    isFree s (instanceOf (session th) l) m ->
    step true s {| threads := upd (threads s) t (Some (setThread th ((l, m) :: held th) c false));
                   queue := queue s |}.

Definition initial : state := {| threads := fun _ => None; queue := fun _ => [] |}.

Inductive reachable : state -> Prop :=
| RInit : reachable initial
| RStep own s s' : reachable s -> step own s s' -> reachable s'.

(** [t] waits, and cannot be served before [u] has released a lock or has been served. *)
Definition blockedBy (s : state) (t u : nat) : Prop :=
  exists th l m c, threads s t = Some th /\ waiting th = true /\ todo th = Acquire (l, m) :: c /\
    let i := instanceOf (session th) l in
    ((exists thu m', threads s u = Some thu /\ holdsInstance thu i m' /\ conflict m m' = true) \/
     (exists a b d mu, queue s i = a ++ (u, mu) :: b ++ (t, m) :: d)).

(** Some flows, each blocked by one of them: none of them can ever be served. *)
Definition deadlockOf (s : state) (D : list nat) : Prop :=
  D <> [] /\ forall t, In t D -> exists u, In u D /\ blockedBy s t u.
Definition deadlock (s : state) : Prop := exists D, deadlockOf s D.
End Semantics.
