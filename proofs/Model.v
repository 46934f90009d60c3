(** Flux flows, their locks, and what a deadlock is. Nothing here depends on the checker.

    This is what has to be believed of the model, so each rule names the place in compiler or runtime that it stands for.
    It allows more than they do wherever that is simpler: a deadlock that only the model has costs a needless refusal, one
    that only the runtime has would be missed. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.

Definition lock := nat.
Inductive mode := R | W.
Definition hold := (lock * mode)%type.

(** Two flows do not hold a lock in these modes at once: runtime/src/core/locks/lock.h, [BasicLock::isBarred]. *)
Definition conflict (a b : mode) : bool := match a, b with R, R => false | _, _ => true end.
(** [a] suffices where [b] is wanted. *)
Definition suffices (a b : mode) : bool := match a, b with R, W => false | _, _ => true end.
Definition stronger (a b : mode) : mode := match a with W => W | R => b end.

(** Nodes and flows. *)
Definition function := nat.

(** A flow, with the flows that it calls in their places: calls are acyclic (lib/Analysis/FlowGraph.cpp,
    [verifyAcyclic]). lib/Conversion/FluxToLLVM/FlowLowering.cpp makes these of it:
    - [Node]: [lowerCall] of a node, which may fail and takes no Flux lock. Sources answer in its place.
    - [NoMatch]: [endWithoutMatch], the end of a dispatch that no case fits.
    - [Branch]: [lowerDispatch]; predicates may say anything.
    - [Region]: [lowerConstrained].
    - [Call]: [lowerCall] of a flow. *)
Inductive prog :=
| Skip
| Node (f : function)
| NoMatch
| Seq (p q : prog)
| Branch (p q : prog)
| Region (holds : list hold) (p : prog)
| Call (f : function) (p : prog).

(** `handle error A -> B -> F => H` in the list of [F]: [way] is A, B, and [region] what H holds. *)
Record handler := { way : list function; region : list hold }.

Record program := {
  flows : list prog;                     (* what sources start: their functions and targets *)
  handlersOf : function -> list handler; (* longest way first, then as in the text: HandlerScopes.cpp, [handlersOf] *)
  unfollowed : list (list hold);         (* of handlers that may run after any error, for who does not follow errors *)
  isSession : lock -> bool;
  rank : lock -> nat                     (* the order in which one region takes its own locks *)
}.

(** A region's own locks in the order of ranks: lib/Conversion/FluxToLLVM/Lowering.cpp, [inRankOrder]. A lock that is
    named twice, which the verifier refuses, would be taken once in its strongest mode. *)
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
| Release (count : nat)   (* the latest [count] acquisitions *)
| Return (f : function).  (* the end of a flow that was called *)

Record thread := {
  session : nat;
  held : list hold;      (* latest first, one entry for each acquisition, re-entrant ones too *)
  todo : list item;
  waiting : bool         (* in the queue of the lock of the first item, an [Acquire] *)
}.

(** The flows that are running, innermost first. *)
Fixpoint stackOf (c : list item) : list function :=
  match c with
  | [] => []
  | Return f :: c => f :: stackOf c
  | _ :: c => stackOf c
  end.

(** Whether a flow that holds [hs] need not wait for [h]: it holds it already. runtime/src/core/locks/lock_entry_points.cpp,
    [flux_ir_acquire], does not even look at the mode; that no accepted program ever asks for more than it holds is
    [checkGraph_no_upgrade]. *)
Definition holdsAlready (hs : list hold) (h : hold) : bool :=
  existsb (fun x => (fst x =? fst h) && suffices (snd x) (snd h)) hs.

Definition regionCode (hs : list hold) (inner rest : list item) : list item :=
  map Acquire hs ++ inner ++ Release (length hs) :: rest.

(** * Errors *)

(** How many flows of [w], from its first on, run one inside the other. Entering a flow makes it one more if that flow
    is next: FlowLowering.cpp, [enterScope], keeps a bit for each beginning of a way. *)
Definition advance (w : list function) (f : function) (k : nat) : nat :=
  match nth_error w k with Some g => if g =? f then S k else k | None => k end.
Fixpoint progress (w : list function) (stack : list function) : nat :=
  match stack with [] => 0 | f :: outer => advance w f (progress w outer) end.

(** Whether [h] holds where the flows of [stack] are running. *)
Definition applies (stack : list function) (h : handler) : bool := progress (way h) stack =? length (way h).

Section Semantics.
Variable P : program.

(** Who takes an error of [f], called from the innermost flow of [stack]: a handler of its own, or of the nearest flow
    around it. FunctionBuilder.cpp, [runHandlers], for a node from [invokeNode], for flows from [invokeFlow]. *)
Fixpoint raise (f : function) (stack : list function) : option handler :=
  match find (applies stack) (handlersOf P f) with
  | Some h => Some h
  | None => match stack with [] => None | g :: outer => raise g outer end
  end.

(** Who takes the errors that [p] has by itself. That no case fits is an error of the flow around the dispatch. *)
Definition takenBy (p : prog) (stack : list function) : option handler :=
  match p with
  | Node f => raise f stack
  | NoMatch => match stack with [] => None | g :: outer => raise g outer end
  | _ => None
  end.

(** A handler runs within its region, and with it ends the flow: FunctionBuilder.cpp, [runHandler]. *)
Definition handlerCode (taken : option handler) : list item :=
  match taken with Some h => regionCode (inOrder (rank P) (region h)) [] [] | None => [] end.

(** * Steps *)

(** A lock of scope session is one lock for each session: [LocalLocks::acquire] asks core/locks/session_table.h for
    it, models/percore/percore_locks.cpp the table of the loop where all flows of the session run, and [SharedLock] (in
    models/process) compares the session of each place. *)
Definition instance := (lock * nat)%type.
Definition instanceOf (s : nat) (l : lock) : instance := (l, if isSession P l then s else 0).

(** What a flow does alone: what it holds and has to do before and after. A release is that of [flux_ir_release], whose
    depth counts what is here an entry for each acquisition; it never blocks, so several are one step. *)
Inductive local : list hold * list item -> list hold * list item -> Prop :=
| LSkip H c : local (H, Run Skip :: c) (H, c)
| LNode H f c : local (H, Run (Node f) :: c) (H, c)
| LSeq H p q c : local (H, Run (Seq p q) :: c) (H, Run p :: Run q :: c)
| LLeft H p q c : local (H, Run (Branch p q) :: c) (H, Run p :: c)
| LRight H p q c : local (H, Run (Branch p q) :: c) (H, Run q :: c)
| LRegion H hs p c : local (H, Run (Region hs p) :: c) (H, regionCode (inOrder (rank P) hs) [Run p] c)
| LCall H f p c : local (H, Run (Call f p) :: c) (H, Run p :: Return f :: c)
| LReenter H h c : holdsAlready H h = true -> local (H, Acquire h :: c) (h :: H, c)
| LRelease H n c : local (H, Release n :: c) (skipn n H, c)
| LReturn H f c : local (H, Return f :: c) (H, c).

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

Definition setThread (th : thread) H c w := {| session := session th; held := H; todo := c; waiting := w |}.

(** [own] steps are those that flows take of themselves, without an error of a node or a new flow. *)
Inductive step : bool -> state -> state -> Prop :=
| SSpawn s t p n : (* core/flow.cpp: [runSource] polls, and [run] starts what it got, in the session of [sessionOf] *)
    In p (flows P) -> threads s t = None ->
    step false s {| threads := upd (threads s) t
                      (Some {| session := n; held := []; todo := [Run p]; waiting := false |});
                    queue := queue s |}
| SLocal s t th H c :
    threads s t = Some th -> waiting th = false -> local (held th, todo th) (H, c) ->
    step true s {| threads := upd (threads s) t (Some (setThread th H c false)); queue := queue s |}
| SFail s t th f c : (* [flux_ir_fail] releases everything, then the handler runs *)
    threads s t = Some th -> waiting th = false -> todo th = Run (Node f) :: c ->
    step false s {| threads := upd (threads s) t
                      (Some (setThread th [] (handlerCode (takenBy (Node f) (stackOf c))) false));
                    queue := queue s |}
| SFailUnfollowed s t th hs :
    threads s t = Some th -> waiting th = false -> In hs (unfollowed P) ->
    step false s {| threads := upd (threads s) t
                      (Some (setThread th [] (regionCode (inOrder (rank P) hs) [] []) false));
                    queue := queue s |}
| SNoMatch s t th c : (* the same for a dispatch *)
    threads s t = Some th -> waiting th = false -> todo th = Run NoMatch :: c ->
    step true s {| threads := upd (threads s) t
                     (Some (setThread th [] (handlerCode (takenBy NoMatch (stackOf c))) false));
                   queue := queue s |}
| SEnd s t th : (* a flow may end anywhere but while waiting: a source's answer (SourceLowering.cpp, [lowerFlowPoll]),
                   a process that is killed (models/process/shared_lock.cpp, [evict]) *)
    threads s t = Some th -> waiting th = false ->
    step false s {| threads := upd (threads s) t (Some (setThread th [] [] false)); queue := queue s |}
| SRequest s t th l m c : (* [BasicLock::acquireOrEnqueue]: behind all that wait; [SharedLock::acquire]: the next ticket *)
    threads s t = Some th -> waiting th = false -> todo th = Acquire (l, m) :: c ->
    holdsAlready (held th) (l, m) = false ->
    step true s {| threads := upd (threads s) t (Some (setThread th (held th) (todo th) true));
                   queue := updq (queue s) (instanceOf (session th) l)
                                 (queue s (instanceOf (session th) l) ++ [(t, m)]) |}
| SGrant s t th l m c rest : (* [BasicLock::handOver], one reader after the other; [SharedLock::holds] for the oldest *)
    threads s t = Some th -> waiting th = true -> todo th = Acquire (l, m) :: c ->
    queue s (instanceOf (session th) l) = (t, m) :: rest ->
    isFree s (instanceOf (session th) l) m ->
    step true s {| threads := upd (threads s) t (Some (setThread th ((l, m) :: held th) c false));
                   queue := updq (queue s) (instanceOf (session th) l) rest |}
| SBarge s t th l m c : (* [BasicLock::tryAcquire] and [tryForAMoment], which spins for 2 us before it queues; they give
                           up where others queue, here a free lock may be taken even then *)
    threads s t = Some th -> waiting th = false -> todo th = Acquire (l, m) :: c ->
    holdsAlready (held th) (l, m) = false ->
    isFree s (instanceOf (session th) l) m ->
    step true s {| threads := upd (threads s) t (Some (setThread th ((l, m) :: held th) c false));
                   queue := queue s |}.

Definition initial : state := {| threads := fun _ => None; queue := fun _ => [] |}.

Inductive reachable : state -> Prop :=
| RInit : reachable initial
| RStep own s s' : reachable s -> step own s s' -> reachable s'.

(** * Deadlocks *)

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
