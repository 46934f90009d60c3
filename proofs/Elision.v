(** Locks that a model does without, and why nothing is lost: what flux-elide-locks leaves keeps all constraints of
    the program as it was written, and has no deadlock if that one had none.

    A flow of a loop runs until it parks: in a node that may block, or at a lock that it does not get. That a node
    parks is a mark on it, which the compiler infers or is told. If one that is marked not to park blocks all the
    same, the runtime lets it keep its loop (the models call that a broken promise). Here that is a node that takes
    long: no rule says how long a node takes.

    The rules of removal are a check of a program whose regions say which locks they do without, with a
    [judgement] of why. The check knows them all: what nobody writes; what is behind another lock that is held for
    writing; what only one flow at a time comes to; and on loops what nobody parks with. One theorem serves all
    models: [loopOf] says which flows share a loop, and [stays] whose locks do.

    What is open. Calls are inlined, as everywhere but in Graph.v: a region that runs in several contexts has to
    pass in each with the same locks. That the analyses of the compiler (Parking.cpp, ElideLocks.cpp) find nothing but
    what passes is tested, not proved. So is the runtime's scheduling: that only one flow of a loop runs at a time,
    and that one goes on until it parks. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Sound Finish.

(** * Programs *)

(** A node that [parks] may give way to other flows of its loop; one that does not keeps the loop however long it
    takes. A region runs [without] some of its locks. *)
Inductive mprog :=
| MSkip
| MNode (parks : bool)
| MSeq (p q : mprog)
| MBranch (p q : mprog)
| MRegion (hs : list hold) (without : list lock) (p : mprog).

Record mhandler := { around : list hold; aroundWithout : list lock; handlerParks : bool }.

(** [alone]: no two flows of this kind are under way at once, as it is with what a source calls in turn. *)
Record mflow := { mbody : mprog; mhandlers : list mhandler; alone : bool }.

Record mprogram := { mflows : list mflow; mSession : lock -> bool; mRank : lock -> nat }.

(** The program as it was written, with all its locks: what is proved free of deadlock before any lock is removed. *)
Fixpoint full (p : mprog) : prog :=
  match p with
  | MSkip => Skip
  | MNode _ => Node 0
  | MSeq p q => Seq (full p) (full q)
  | MBranch p q => Branch (full p) (full q)
  | MRegion hs _ p => Region hs (full p)
  end.
(** Any handler may take any error here: nobody follows errors along the ways of handlers. *)
Definition fullProgram (M : mprogram) : program :=
  {| flows := map (fun f => full (mbody f)) (mflows M); handlersOf := fun _ => [];
     unfollowed := flat_map (fun f => map around (mhandlers f)) (mflows M); isSession := mSession M; rank := mRank M |}.

(** * What flows do on loops *)

(** A lock around a flow, and whether it takes it. Where it does not it is inside all the same: that is written down
    for the sake of the theorems, and no rule of the semantics asks for it. *)
Definition entry := (hold * bool)%type.
Definition kept (H : list entry) : list hold := map fst (filter snd H).

Inductive mitem :=
| MRun (p : mprog)
| MHandle (parks : bool)   (* a handler's function *)
| MAcquire (e : entry)
| MRelease (count : nat).

Record mthread := {
  mcode : nat;             (* which flow of the program *)
  msession : nat;
  mheld : list entry;
  mtodo : list mitem;
  mwaiting : bool;
  mruns : bool             (* it has its loop; others of the loop have parked, wait, or have not begun *)
}.

Definition own (rank : lock -> nat) (hs : list hold) (without : list lock) : list entry :=
  map (fun h => (h, negb (memb (fst h) without))) (inOrder rank hs).
Definition mregion (es : list entry) (inner rest : list mitem) : list mitem :=
  map MAcquire es ++ inner ++ MRelease (length es) :: rest.

Section Semantics.
Variable M : mprogram.
(** The loop on which a flow of some session runs. *)
Variable loopOf : nat -> nat -> nat.
Let P := fullProgram M.

Definition noFlow : mflow := {| mbody := MSkip; mhandlers := []; alone := false |}.
Definition flowAt (f : nat) : mflow := nth f (mflows M) noFlow.

Inductive mlocal : list entry * list mitem -> list entry * list mitem -> Prop :=
| MLSkip H c : mlocal (H, MRun MSkip :: c) (H, c)
| MLNode b H c : mlocal (H, MRun (MNode b) :: c) (H, c)
| MLSeq H p q c : mlocal (H, MRun (MSeq p q) :: c) (H, MRun p :: MRun q :: c)
| MLLeft H p q c : mlocal (H, MRun (MBranch p q) :: c) (H, MRun p :: c)
| MLRight H p q c : mlocal (H, MRun (MBranch p q) :: c) (H, MRun q :: c)
| MLRegion H hs w p c : mlocal (H, MRun (MRegion hs w p) :: c) (H, mregion (own (mRank M) hs w) [MRun p] c)
| MLHandle b H c : mlocal (H, MHandle b :: c) (H, c)
| MLWithout H h c : mlocal (H, MAcquire (h, false) :: c) ((h, false) :: H, c)
| MLReenter H h c : holdsAlready (kept H) h = true -> mlocal (H, MAcquire (h, true) :: c) ((h, true) :: H, c)
| MLRelease H n c : mlocal (H, MRelease n :: c) (skipn n H, c).

Inductive mfails (f : mflow) : list mitem -> Prop :=
| MFEnd : mfails f []
| MFHandler h : In h (mhandlers f) ->
    mfails f (mregion (own (mRank M) (around h) (aroundWithout h)) [MHandle (handlerParks h)] []).

(** Where a flow may give way: in a node that blocks, in a handler that does, and at its end. *)
Definition givesWay (c : list mitem) : bool :=
  match c with [] | MRun (MNode true) :: _ | MHandle true :: _ => true | _ => false end.

Record mstate := { mthreads : nat -> option mthread; mqueue : instance -> list (nat * mode) }.

Definition inside (th : mthread) (i : instance) (m : mode) (k : bool) : Prop :=
  exists l, In ((l, m), k) (mheld th) /\ instanceOf P (msession th) l = i.
Definition mfree (a : mstate) (i : instance) (m : mode) : Prop :=
  forall u th m', mthreads a u = Some th -> inside th i m' true -> conflict m m' = false.
Definition mbusy (a : mstate) (i : instance) (m : mode) : Prop :=
  exists u th m', mthreads a u = Some th /\ inside th i m' true /\ conflict m m' = true.
Definition loopFree (a : mstate) (t n : nat) : Prop :=
  forall u th, mthreads a u = Some th -> mruns th = true -> loopOf u (msession th) <> loopOf t n.

Definition mset th H c w r :=
  {| mcode := mcode th; msession := msession th; mheld := H; mtodo := c; mwaiting := w; mruns := r |}.
Definition put a t th q := {| mthreads := upd (mthreads a) t (Some th); mqueue := q |}.

(** A lock that is free may be taken past those who queue: that is more than the runtime does. One that is not, or for
    which others queue, is waited for. It is handed to readers at any time. It is handed to a writer when he goes on:
    the runtime does that before, which only he can tell, for until then nobody else may have it, and here others may
    even take it. A step is a flow's own if it is neither an error nor a new flow. *)
Inductive mstep : bool -> mstate -> mstate -> Prop :=
| LSpawn a t f n : f < length (mflows M) -> mthreads a t = None ->
    (alone (flowAt f) = true -> forall u th, mthreads a u = Some th -> mcode th = f -> mtodo th = []) ->
    mstep false a (put a t {| mcode := f; msession := n; mheld := []; mtodo := [MRun (mbody (flowAt f))];
                        mwaiting := false; mruns := false |} (mqueue a))
| LResume a t th : mthreads a t = Some th -> mwaiting th = false -> loopFree a t (msession th) ->
    mstep true a (put a t (mset th (mheld th) (mtodo th) false true) (mqueue a))
| LPark a t th : mthreads a t = Some th -> mruns th = true -> givesWay (mtodo th) = true ->
    mstep true a (put a t (mset th (mheld th) (mtodo th) false false) (mqueue a))
| LLocal a t th H c : mthreads a t = Some th -> mruns th = true -> mlocal (mheld th, mtodo th) (H, c) ->
    mstep true a (put a t (mset th H c false true) (mqueue a))
| LFail a t th c : mthreads a t = Some th -> mruns th = true -> mtodo th <> [] -> mfails (flowAt (mcode th)) c ->
    mstep false a (put a t (mset th [] c false true) (mqueue a))
| LTake a t th l m c : mthreads a t = Some th -> mruns th = true -> mtodo th = MAcquire ((l, m), true) :: c ->
    holdsAlready (kept (mheld th)) (l, m) = false -> mfree a (instanceOf P (msession th) l) m ->
    mstep true a (put a t (mset th (((l, m), true) :: mheld th) c false true) (mqueue a))
| LAsk a t th l m c : mthreads a t = Some th -> mruns th = true -> mtodo th = MAcquire ((l, m), true) :: c ->
    holdsAlready (kept (mheld th)) (l, m) = false ->
    mbusy a (instanceOf P (msession th) l) m \/ mqueue a (instanceOf P (msession th) l) <> [] ->
    mstep true a (put a t (mset th (mheld th) (mtodo th) true false)
              (updq (mqueue a) (instanceOf P (msession th) l) (mqueue a (instanceOf P (msession th) l) ++ [(t, m)])))
| LHand a t th l c rest : mthreads a t = Some th -> mwaiting th = true -> mtodo th = MAcquire ((l, R), true) :: c ->
    mqueue a (instanceOf P (msession th) l) = (t, R) :: rest -> mfree a (instanceOf P (msession th) l) R ->
    mstep true a (put a t (mset th (((l, R), true) :: mheld th) c false false)
              (updq (mqueue a) (instanceOf P (msession th) l) rest))
| LWake a t th l c rest : mthreads a t = Some th -> mwaiting th = true -> mtodo th = MAcquire ((l, W), true) :: c ->
    mqueue a (instanceOf P (msession th) l) = (t, W) :: rest -> mfree a (instanceOf P (msession th) l) W ->
    loopFree a t (msession th) ->
    mstep true a (put a t (mset th (((l, W), true) :: mheld th) c false true)
              (updq (mqueue a) (instanceOf P (msession th) l) rest)).

Inductive mreachable : mstate -> Prop :=
| MInit : mreachable {| mthreads := fun _ => None; mqueue := fun _ => [] |}
| MStep own a a' : mreachable a -> mstep own a a' -> mreachable a'.

(** As in Model.v, of the locks that are left. *)
Definition mblockedBy (a : mstate) (t u : nat) : Prop :=
  exists th l m c, mthreads a t = Some th /\ mwaiting th = true /\ mtodo th = MAcquire ((l, m), true) :: c /\
    let i := instanceOf P (msession th) l in
    ((exists thu m', mthreads a u = Some thu /\ inside thu i m' true /\ conflict m m' = true) \/
     (exists x y z mu, mqueue a i = x ++ (u, mu) :: y ++ (t, m) :: z)).
Definition mdeadlock (a : mstate) : Prop :=
  exists D, D <> [] /\ forall t, In t D -> exists u, In u D /\ mblockedBy a t u.

(** * The rules by which locks are removed *)

(** Why flows cannot meet at locks: those with which a flow may have parked ([W]: as a writer, which says more), those
    that somebody may write, and for a lock one that is held for writing wherever it is taken, or the only flow that
    takes it, of which there is but one at a time. *)
Record judgement := {
  parked : list hold;
  writable : list lock;
  outerOf : lock -> option lock;
  soleOf : lock -> option nat
}.

(** Locks whose flows, those of one session if it is a session's, run on one loop. *)
Variable stays : lock -> bool.
Variable J : judgement.

Definition apart (l : lock) : bool := match outerOf J l, soleOf J l with None, None => false | _, _ => true end.
(** Nobody ever waits for such a lock, on whatever model. *)
Definition harmless (l : lock) : bool := negb (memb l (writable J)) || apart l.
Definition mayWait (l : lock) : bool := negb (harmless l) && (negb (stays l) || holdsAlready (parked J) (l, R)).
Definition opposite (m : mode) : mode := match m with R => W | W => R end.

(** Whether a flow that has [H] around it may park there: what it does without it is not needed, and others reckon
    with the rest. *)
Definition canPark (H : list entry) : bool :=
  forallb (fun e => harmless (fst (fst e)) || snd e && (negb (stays (fst (fst e))) || holdsAlready (parked J) (fst e))) H.

(** Whether [e] may come next within [H]. A lock is done without if nobody who parks is inside it in a conflicting
    mode. *)
Definition fits (f : nat) (H : list entry) (e : entry) : bool :=
  match snd (fst e) with W => memb (fst (fst e)) (writable J) | R => true end
  && match outerOf J (fst (fst e)) with
     | None => true
     | Some o => existsb (hold_eqb (o, W)) (map fst H) && (negb (mSession M o) || mSession M (fst (fst e)))
     end
  && match soleOf J (fst (fst e)) with None => true | Some g => (f =? g) && alone (flowAt g) end
  && (snd e || harmless (fst (fst e))
      || stays (fst (fst e)) && negb (holdsAlready (parked J) (fst (fst e), opposite (snd (fst e))))).

(** Nobody wants to write what he reads. *)
Definition noUpgrade (hs : list hold) (h : hold) : bool := holdsAlready hs h || negb (holdsAlready hs (fst h, R)).

Definition safeEntry (f : nat) (H : list entry) (e : entry) : bool :=
  fits f H e && noUpgrade (map fst H) (fst e)
  && (negb (snd e) || noUpgrade (kept H) (fst e)
      && (holdsAlready (kept H) (fst e) || negb (mayWait (fst (fst e))) || canPark H)).

Fixpoint safeAll (f : nat) (H es : list entry) : bool :=
  match es with [] => true | e :: rest => safeEntry f H e && safeAll f (e :: H) rest end.

Fixpoint safeProg (f : nat) (H : list entry) (p : mprog) : bool :=
  match p with
  | MSkip => true
  | MNode b => negb b || canPark H
  | MSeq p q | MBranch p q => safeProg f H p && safeProg f H q
  | MRegion hs w p => let es := own (mRank M) hs w in safeAll f H es && safeProg f (rev es ++ H) p
  end.

Fixpoint safeItems (f : nat) (H : list entry) (c : list mitem) : bool :=
  match c with
  | [] => true
  | MRun p :: c => safeProg f H p && safeItems f H c
  | MHandle b :: c => (negb b || canPark H) && safeItems f H c
  | MAcquire e :: c => safeEntry f H e && safeItems f (e :: H) c
  | MRelease n :: c => safeItems f (skipn n H) c
  end.

Definition safeFlow (f : nat) : bool :=
  safeProg f [] (mbody (flowAt f)) &&
  forallb (fun h => safeItems f []
    (mregion (own (mRank M) (around h) (aroundWithout h)) [MHandle (handlerParks h)] [])) (mhandlers (flowAt f)).

Definition checkElision : bool := forallb safeFlow (seq 0 (length (mflows M))).

(** * The reduced program does what the full one may do *)
Fixpoint heldOK (f : nat) (H : list entry) : Prop :=
  match H with [] => True | e :: H => fits f H e = true /\ heldOK f H end.

Lemma heldOK_skipn f n : forall H, heldOK f H -> heldOK f (skipn n H).
Proof. induction n as [|n IH]; intros [|e H]; cbn; tauto || (intros [_ K]; auto). Qed.

Lemma heldOK_in f : forall H e, heldOK f H -> In e H ->
  exists H', fits f H' e = true /\ incl H' H.
Proof.
  induction H as [|x H IH]; intros e; cbn; [intros _ []|]. intros [F K] [<-|I].
  - exists H. split; [assumption|]. intros y Iy. now right.
  - destruct (IH e K I) as [H' [F' Inc]]. exists H'. split; [assumption|]. intros y Iy. right. auto.
Qed.

Lemma safeItems_acquire f es : forall H c,
  safeItems f H (map MAcquire es ++ c) = safeAll f H es && safeItems f (rev es ++ H) c.
Proof.
  induction es as [|e es IH]; intros H c; cbn; [reflexivity|]. rewrite IH, <- app_assoc, andb_assoc. reflexivity.
Qed.

Lemma local_safe f H c H' c' : mlocal (H, c) (H', c') -> safeItems f H c = true -> heldOK f H ->
  safeItems f H' c' = true /\ heldOK f H'.
Proof.
  intros L S K. inversion L; subst; cbn [safeItems safeProg] in *; rewrite ?andb_true_iff in *; try tauto.
  - split; [|assumption]. unfold mregion. rewrite safeItems_acquire. cbn [app safeItems].
    rewrite skipn_rev, !andb_true_iff. tauto.
  - unfold safeEntry in S. rewrite !andb_true_iff in S. cbn [heldOK]. tauto.
  - unfold safeEntry in S. rewrite !andb_true_iff in S. cbn [heldOK]. tauto.
  - split; [assumption|]. now apply heldOK_skipn.
Qed.

Definition fullItem (x : mitem) : list item :=
  match x with
  | MRun p => [Run (full p)]
  | MHandle _ => []
  | MAcquire e => [Acquire (fst e)]
  | MRelease n => [Release n]
  end.
Definition fullItems (c : list mitem) : list item := flat_map fullItem c.
Definition fullThread (th : mthread) : thread :=
  {| session := msession th; held := map fst (mheld th);
     todo := fullItems (mtodo th); waiting := mwaiting th |}.

Definition shows (a : mstate) (s : state) : Prop :=
  (forall u, threads s u = option_map fullThread (mthreads a u)) /\ (forall i, queue s i = mqueue a i).

Lemma full_acquire es c : fullItems (map MAcquire es ++ c) = map Acquire (map fst es) ++ fullItems c.
Proof. induction es as [|e es IH]; cbn; [reflexivity|]. unfold fullItems in IH. now rewrite IH. Qed.

Lemma full_region es inner rest :
  fullItems (mregion es inner rest) = regionCode (map fst es) (fullItems inner) (fullItems rest).
Proof.
  unfold mregion, regionCode. rewrite full_acquire, map_length. unfold fullItems. rewrite flat_map_app. reflexivity.
Qed.

Lemma own_full hs w : map fst (own (mRank M) hs w) = inOrder (rank P) hs.
Proof. unfold own. rewrite map_map. cbn. apply map_id. Qed.

Lemma kept_already H h : holdsAlready (kept H) h = true -> holdsAlready (map fst H) h = true.
Proof.
  unfold holdsAlready, kept. rewrite !existsb_exists. intros [x [I X]]. exists x. split; [|assumption].
  apply in_map_iff in I. destruct I as [e [<- I]]. apply filter_In in I. apply in_map. tauto.
Qed.

(** What a flow does alone it does in the full program, unless it enters a region without its lock. *)
Lemma local_full H c H' c' : mlocal (H, c) (H', c') ->
  local P (map fst H, fullItems c) (map fst H', fullItems c') \/
  (H' = H /\ fullItems c' = fullItems c) \/
  (exists h, c = MAcquire (h, false) :: c' /\ H' = (h, false) :: H).
Proof.
  intros L. inversion L; subst; cbn [fullItems flat_map fullItem app full]; try (left; constructor; fail).
  - left. rewrite full_region, own_full. change (fullItems [MRun p]) with [Run (full p)]. constructor.
  - right. left. auto.
  - right. right. eauto.
  - left. cbn [map fst]. constructor. now apply kept_already.
  - left. rewrite <- skipn_map. constructor.
Qed.

Record ok (th : mthread) : Prop := {
  k_flow : mcode th < length (mflows M);
  k_safe : safeItems (mcode th) (mheld th) (mtodo th) = true;
  k_held : heldOK (mcode th) (mheld th);
  k_park : mruns th = false -> canPark (mheld th) = true;
  k_wait : mwaiting th = true -> mruns th = false /\
    exists l m c, mtodo th = MAcquire ((l, m), true) :: c /\ mayWait l = true
}.

Record good (a : mstate) (s : state) : Prop := {
  g_reach : reachable P s;
  g_shows : shows a s;
  g_ok : forall t th, mthreads a t = Some th -> ok th;
  g_one : forall t u th thu, mthreads a t = Some th -> mthreads a u = Some thu -> mruns th = true ->
    mruns thu = true -> loopOf t (msession th) = loopOf u (msession thu) -> t = u;
  g_alone : forall t u th thu, mthreads a t = Some th -> mthreads a u = Some thu -> mcode th = mcode thu ->
    alone (flowAt (mcode th)) = true -> mtodo th <> [] -> mtodo thu <> [] -> t = u;
  g_queue : forall i u m, In (u, m) (mqueue a i) -> mayWait (fst i) = true
}.

Hypothesis Stays : forall l t u n n', stays l = true -> instanceOf P n l = instanceOf P n' l ->
  loopOf t n = loopOf u n'.
Hypothesis Ck : checkElision = true.

Lemma flow_safe f : f < length (mflows M) -> safeFlow f = true.
Proof.
  intros L. unfold checkElision in Ck. rewrite forallb_forall in Ck. apply Ck. apply in_seq. lia.
Qed.

Lemma shows_thread a s t th : shows a s -> mthreads a t = Some th -> threads s t = Some (fullThread th).
Proof. intros [Sh _] E. now rewrite Sh, E. Qed.

Lemma shows_put a s t th q q' : shows a s -> (forall i, q' i = q i) ->
  shows (put a t th q) {| threads := upd (threads s) t (Some (fullThread th)); queue := q' |}.
Proof.
  intros [Sh _] Q. split; [|exact Q]. intros u. cbn. unfold upd. destruct (u =? t); [reflexivity|apply Sh].
Qed.

Lemma shows_same a s t th th' : shows a s -> mthreads a t = Some th -> fullThread th' = fullThread th ->
  shows (put a t th' (mqueue a)) s.
Proof.
  intros [Sh Q] E F. split; [|exact Q]. intros u. cbn. unfold upd. destruct (u =? t) eqn:N; [|apply Sh].
  apply Nat.eqb_eq in N. subst u. rewrite Sh, E. cbn [option_map]. now rewrite F.
Qed.

Lemma shows_updq a s i x j : shows a s -> updq (queue s) i x j = updq (mqueue a) i x j.
Proof. intros [_ Q]. unfold updq. destruct (instance_eqb j i); auto. Qed.

(** ** One flow changes. *)
Lemma keep a s t th th' q s' : good a s -> mthreads a t = Some th ->
  mcode th' = mcode th -> msession th' = msession th -> (mtodo th = [] -> mtodo th' = []) ->
  (mruns th' = true -> mruns th = true \/ loopFree a t (msession th)) ->
  ok th' -> (forall i u m, In (u, m) (q i) -> mayWait (fst i) = true) ->
  shows (put a t th' q) s' -> reachable P s' -> good (put a t th' q) s'.
Proof.
  intros G E Co Se Td Ru Ok Qu Sh Re. constructor; auto; cbn [put mthreads mqueue].
  - intros u thu Eu. destruct (Nat.eq_dec u t) as [->|N].
    + rewrite upd_same in Eu. inversion Eu; subst. assumption.
    + rewrite upd_other in Eu by assumption. eapply g_ok; eauto.
  - assert (One : forall u thu, u <> t -> mthreads a u = Some thu -> mruns thu = true -> mruns th' = true ->
      loopOf u (msession thu) = loopOf t (msession th') -> False).
    { intros u thu N Eu Ru1 Ru2 L. rewrite Se in L. destruct (Ru Ru2) as [Rt|F].
      - apply N. eapply (g_one _ _ G u t); eauto.
      - exact (F u thu Eu Ru1 L). }
    intros x y thx thy Ex Ey Rx Ry L.
    destruct (Nat.eq_dec x t) as [->|Nx], (Nat.eq_dec y t) as [->|Ny]; auto.
    + rewrite upd_same in Ex. inversion Ex; subst. rewrite upd_other in Ey by assumption. exfalso. eapply One; eauto.
    + rewrite upd_same in Ey. inversion Ey; subst. rewrite upd_other in Ex by assumption. exfalso. eapply One; eauto.
    + rewrite upd_other in Ex, Ey by assumption. eapply g_one; eauto.
  - assert (One : forall u thu, u <> t -> mthreads a u = Some thu -> mcode thu = mcode th' ->
      alone (flowAt (mcode thu)) = true -> mtodo thu <> [] -> mtodo th' <> [] -> False).
    { intros u thu N Eu C A T1 T2. apply N. eapply (g_alone _ _ G u t); eauto. congruence. }
    intros x y thx thy Ex Ey C A Tx Ty.
    destruct (Nat.eq_dec x t) as [->|Nx], (Nat.eq_dec y t) as [->|Ny]; auto.
    + rewrite upd_same in Ex. inversion Ex; subst. rewrite upd_other in Ey by assumption. exfalso.
      eapply (One y thy); eauto. congruence.
    + rewrite upd_same in Ey. inversion Ey; subst. rewrite upd_other in Ex by assumption. exfalso. eapply One; eauto.
    + rewrite upd_other in Ex, Ey by assumption. eapply g_alone; eauto.
Qed.

(** ** Who meets whom *)
Lemma inside_full th i m k : inside th i m k -> holdsInstance P (fullThread th) i m.
Proof. intros [l [I E]]. exists l. split; [|exact E]. cbn. change (l, m) with (fst ((l, m), k)). now apply in_map. Qed.

Lemma full_inside th i m : holdsInstance P (fullThread th) i m -> exists k, inside th i m k.
Proof.
  intros [l [I E]]. cbn in I. apply in_map_iff in I. destruct I as [[h k] [Eh I]]. cbn in Eh. subst h.
  exists k, l. auto.
Qed.

Lemma unfinished a s u th i m k : good a s -> mthreads a u = Some th -> inside th i m k -> mtodo th <> [].
Proof.
  intros G E [l [I _]] T. pose proof (balanced_reachable P s (g_reach _ _ G) u (fullThread th)
    (shows_thread _ _ _ _ (g_shows _ _ G) E)) as B. cbn in B. rewrite T in B. cbn in B. rewrite map_length in B.
  destruct (mheld th); [destruct I|discriminate].
Qed.

Lemma fits_write f H l m k : fits f H ((l, m), k) = true -> m = W -> memb l (writable J) = true.
Proof. unfold fits. cbn [fst snd]. rewrite !andb_true_iff. intros [[[A _] _] _] ->. exact A. Qed.

(** Who comes to a lock while another one is inside it in a conflicting mode, comes to one that keeps flows apart. *)
Lemma meets a s t th u thu l m k m' k' : good a s -> mthreads a t = Some th -> mthreads a u = Some thu -> t <> u ->
  mtodo th <> [] -> fits (mcode th) (mheld th) ((l, m), k) = true ->
  inside thu (instanceOf P (msession th) l) m' k' -> conflict m m' = true -> harmless l = false.
Proof.
  intros G E Eu N T F In C. pose proof (unfinished _ _ _ _ _ _ _ G Eu In) as Tu. destruct In as [l' [I Ei]].
  pose proof (instance_lock _ _ _ _ _ Ei). subst l'.
  destruct (heldOK_in _ _ _ (k_held _ (g_ok _ _ G _ _ Eu)) I) as [H' [F' Inc]].
  unfold harmless. apply orb_false_iff. split.
  - apply negb_false_iff. destruct m; [|exact (fits_write _ _ _ _ _ F eq_refl)]. destruct m'; [discriminate|].
    exact (fits_write _ _ _ _ _ F' eq_refl).
  - unfold apart. unfold fits in F, F'. cbn [fst snd] in F, F'. rewrite !andb_true_iff in F, F'.
    destruct F as [[[_ Fo] Fs] _], F' as [[[_ Fo'] Fs'] _].
    destruct (outerOf J l) as [o|].
    + exfalso. apply andb_true_iff in Fo, Fo'. destruct Fo as [Ho Sc], Fo' as [Ho' _].
      apply existsb_exists in Ho, Ho'. destruct Ho as [x [Ix X]], Ho' as [y [Iy Y]].
      apply hold_eqb_eq in X, Y. subst x y.
      assert (Iu : In (o, W) (map fst (mheld thu))).
      { apply in_map_iff in Iy. destruct Iy as [e [Ee Ie]]. rewrite <- Ee. apply in_map. auto. }
      assert (X : conflict W W = false); [|discriminate].
      eapply (i_excl P s (invariant_reachable P s (g_reach _ _ G)) t u (fullThread th) (fullThread thu)
        (instanceOf P (msession th) o)); auto.
      * eapply shows_thread; eauto. apply G.
      * eapply shows_thread; eauto. apply G.
      * exists o. auto.
      * exists o. split; [exact Iu|]. cbn [fullThread session]. unfold instanceOf in *. cbn [P fullProgram isSession] in *.
        destruct (mSession M o); [|reflexivity]. cbn in Sc. rewrite Sc in Ei. congruence.
    + destruct (soleOf J l) as [g|]; [exfalso|reflexivity]. apply andb_true_iff in Fs, Fs'.
      destruct Fs as [Fs A], Fs' as [Fs' _].
      apply Nat.eqb_eq in Fs, Fs'. apply N. eapply (g_alone _ _ G t u); eauto; congruence.
Qed.

(** Of two flows at one lock that stays on a loop one has parked, and others reckon with that. *)
Lemma other_parked a s t th u thu l m' k' : good a s -> mthreads a t = Some th -> mthreads a u = Some thu -> t <> u ->
  mruns th = true \/ loopFree a t (msession th) -> stays l = true -> harmless l = false ->
  inside thu (instanceOf P (msession th) l) m' k' -> k' = true /\ holdsAlready (parked J) (l, m') = true.
Proof.
  intros G E Eu N Ru St Hl [l' [I Ei]]. pose proof (instance_lock _ _ _ _ _ Ei). subst l'.
  assert (Nr : mruns thu = false).
  { destruct (mruns thu) eqn:Rt; [exfalso|reflexivity]. destruct Ru as [Ru|F].
    - apply N. eapply (g_one _ _ G t u); eauto.
    - apply (F u thu Eu Rt). eapply Stays; eauto. }
  pose proof (k_park _ (g_ok _ _ G _ _ Eu) Nr) as Pa. unfold canPark in Pa. rewrite forallb_forall in Pa.
  specialize (Pa _ I). cbn [fst snd] in Pa. rewrite Hl, St in Pa. cbn in Pa. now apply andb_true_iff in Pa.
Qed.

Lemma ghost_stays a s u th (i : instance) l m : good a s -> mthreads a u = Some th -> inside th i m false -> fst i = l ->
  harmless l = false -> stays l = true /\ holdsAlready (parked J) (l, opposite m) = false.
Proof.
  intros G E [l' [I Ei]] El Hl. assert (l' = l) by (rewrite <- Ei in El; exact El). subst l'.
  destruct (heldOK_in _ _ _ (k_held _ (g_ok _ _ G _ _ E)) I) as [H' [F _]].
  unfold fits in F. cbn [fst snd] in F. rewrite !andb_true_iff in F. destruct F as [_ F]. rewrite Hl in F. cbn in F.
  apply andb_true_iff in F. destruct F as [F1 F2]. now apply negb_true_iff in F2.
Qed.

Lemma free_full a s i m : good a s ->
  (forall u th m' k, mthreads a u = Some th -> inside th i m' k -> conflict m m' = true -> False) -> isFree P s i m.
Proof.
  intros G F u th m' E Ho. destruct (mthreads a u) as [thu|] eqn:Eu.
  - rewrite (shows_thread _ _ _ _ (g_shows _ _ G) Eu) in E. inversion E; subst. destruct (full_inside _ _ _ Ho) as [k In].
    destruct (conflict m m') eqn:C; [exfalso; eauto|reflexivity].
  - rewrite (proj1 (g_shows _ _ G)), Eu in E. discriminate.
Qed.

Lemma parked_weaker l m : holdsAlready (parked J) (l, m) = true -> holdsAlready (parked J) (l, R) = true.
Proof.
  unfold holdsAlready. rewrite !existsb_exists. intros [x [I X]]. exists x. split; [assumption|]. cbn in *.
  apply andb_true_iff in X. destruct X as [-> _]. now destruct (snd x).
Qed.

Lemma already_any (H : list entry) l m k : In ((l, m), k) H -> holdsAlready (map fst H) (l, R) = true.
Proof.
  intros I. unfold holdsAlready. apply existsb_exists. exists (l, m). split.
  - change (l, m) with (fst ((l, m), k)). now apply in_map.
  - cbn. rewrite Nat.eqb_refl. now destruct m.
Qed.

Lemma kept_any (H : list entry) l m : In ((l, m), true) H -> holdsAlready (kept H) (l, R) = true.
Proof.
  intros I. unfold holdsAlready, kept. apply existsb_exists. exists (l, m). split.
  - apply in_map_iff. exists ((l, m), true). split; [reflexivity|]. apply filter_In. auto.
  - cbn. rewrite Nat.eqb_refl. now destruct m.
Qed.

Lemma enter_full a s t th l m k c : good a s -> mthreads a t = Some th -> mruns th = true ->
  mtodo th = MAcquire ((l, m), k) :: c -> (k = true -> mfree a (instanceOf P (msession th) l) m) ->
  exists s', step P true s s' /\ shows (put a t (mset th (((l, m), k) :: mheld th) c false true) (mqueue a)) s'.
Proof.
  intros G E Ru T Fr. pose proof (g_ok _ _ G _ _ E) as Ok. pose proof (g_shows _ _ G) as Sh.
  assert (Wf : mwaiting th = false).
  { destruct (mwaiting th) eqn:X; [|reflexivity]. destruct (k_wait _ Ok X). congruence. }
  pose proof (k_safe _ Ok) as Sa. rewrite T in Sa. cbn [safeItems] in Sa. apply andb_true_iff in Sa. destruct Sa as [Sa _].
  unfold safeEntry in Sa. rewrite !andb_true_iff in Sa. destruct Sa as [[Fi Up] _].
  pose proof (shows_thread _ _ _ _ Sh E) as Es.
  set (th' := mset th (((l, m), k) :: mheld th) c false true).
  destruct (holdsAlready (map fst (mheld th)) (l, m)) eqn:Al.
  - exists {| threads := upd (threads s) t (Some (fullThread th')); queue := queue s |}. split.
    + change (fullThread th') with (setThread (fullThread th) ((l, m) :: map fst (mheld th)) (fullItems c) false).
      apply SLocal; [exact Es|exact Wf|]. cbn. rewrite T. cbn. now apply LReenter.
    + apply shows_put; [assumption|]. apply Sh.
  - exists {| threads := upd (threads s) t (Some (fullThread th')); queue := queue s |}. split.
    + change (fullThread th') with (setThread (fullThread th) ((l, m) :: map fst (mheld th)) (fullItems c) false).
      apply SBarge; [exact Es|exact Wf| |exact Al|].
      { cbn. rewrite T. reflexivity. }
      apply free_full with (a := a); [assumption|]. intros u thu m' k' Eu In C.
      destruct (Nat.eq_dec t u) as [<-|N].
      { rewrite E in Eu. inversion Eu; subst thu. destruct In as [l' [I Ei]]. cbn [fullThread session] in Ei.
        pose proof (instance_lock _ _ _ _ _ Ei). subst l'. unfold noUpgrade in Up. cbn [fst snd] in Up. rewrite Al in Up.
        rewrite (already_any _ _ _ _ I) in Up. discriminate. }
      assert (Hl : harmless l = false).
      { eapply meets with (t := t) (u := u); eauto. rewrite T. discriminate. }
      destruct k.
      * destruct k'.
        -- rewrite (Fr eq_refl u thu m' Eu In) in C. discriminate.
        -- destruct (ghost_stays _ _ _ _ _ _ _ G Eu In eq_refl Hl) as [St _].
           destruct (other_parked a s t th u thu l m' false G E Eu N (or_introl Ru) St Hl In). discriminate.
      * unfold fits in Fi. cbn [fst snd] in Fi. rewrite Hl in Fi. cbn [orb] in Fi. rewrite !andb_true_iff in Fi.
        destruct Fi as [_ [St Np]]. apply negb_true_iff in Np.
        destruct (other_parked a s t th u thu l m' k' G E Eu N (or_introl Ru) St Hl In) as [_ Pk].
        destruct m; cbn in Np.
        -- destruct m'; [discriminate|congruence].
        -- apply parked_weaker in Pk. congruence.
    + apply shows_put; [assumption|]. apply Sh.
Qed.

Lemma put_ok th H c w r : ok th -> safeItems (mcode th) H c = true -> heldOK (mcode th) H ->
  (r = false -> canPark H = true) ->
  (w = true -> r = false /\ exists l m d, c = MAcquire ((l, m), true) :: d /\ mayWait l = true) ->
  ok (mset th H c w r).
Proof. intros Ok S K Pa Wa. constructor; cbn; auto. apply Ok. Qed.

Lemma runs_not_waiting th : ok th -> mruns th = true -> mwaiting th = false.
Proof. intros Ok Ru. destruct (mwaiting th) eqn:X; [|reflexivity]. destruct (k_wait _ Ok X). congruence. Qed.

Lemma mayWait_harm l : mayWait l = true -> harmless l = false.
Proof. unfold mayWait. intros X. apply andb_true_iff in X. now apply negb_true_iff. Qed.

Lemma step_spawn a s t f n : good a s -> f < length (mflows M) -> mthreads a t = None ->
  (alone (flowAt f) = true -> forall u th, mthreads a u = Some th -> mcode th = f -> mtodo th = []) ->
  exists s', good (put a t {| mcode := f; msession := n; mheld := []; mtodo := [MRun (mbody (flowAt f))];
                              mwaiting := false; mruns := false |} (mqueue a)) s'.
Proof.
  intros G Lf E Al. set (th := {| mcode := f; msession := n |}). pose proof (g_shows _ _ G) as Sh.
  exists {| threads := upd (threads s) t (Some (fullThread th)); queue := queue s |}.
  constructor; cbn [put mthreads mqueue].
  - eapply RStep; [apply G|]. apply SSpawn with (p := full (mbody (flowAt f))) (n := n).
    + cbn. apply (in_map (fun f => full (mbody f))). now apply nth_In.
    + now rewrite (proj1 Sh), E.
  - apply shows_put; [assumption|]. apply Sh.
  - intros u thu Eu. destruct (Nat.eq_dec u t) as [->|N].
    + rewrite upd_same in Eu. inversion Eu; subst. constructor; cbn; auto; try discriminate.
      pose proof (flow_safe f Lf) as S. unfold safeFlow in S. apply andb_true_iff in S. destruct S as [-> _]. reflexivity.
    + rewrite upd_other in Eu by assumption. eapply g_ok; eauto.
  - intros x y thx thy Ex Ey Rx Ry L.
    destruct (Nat.eq_dec x t) as [->|Nx]; [rewrite upd_same in Ex; inversion Ex; subst; discriminate|].
    destruct (Nat.eq_dec y t) as [->|Ny]; [rewrite upd_same in Ey; inversion Ey; subst; discriminate|].
    rewrite upd_other in Ex, Ey by assumption. eapply g_one; eauto.
  - intros x y thx thy Ex Ey C A Tx Ty.
    destruct (Nat.eq_dec x t) as [->|Nx], (Nat.eq_dec y t) as [->|Ny]; auto.
    + rewrite upd_same in Ex. inversion Ex; subst. rewrite upd_other in Ey by assumption. exfalso.
      apply Ty. eapply Al; eauto.
    + rewrite upd_same in Ey. inversion Ey; subst. rewrite upd_other in Ex by assumption. exfalso.
      apply Tx. eapply Al; eauto. cbn in C. congruence.
    + rewrite upd_other in Ex, Ey by assumption. eapply g_alone; eauto.
  - apply G.
Qed.

Lemma ends_empty a s t th : good a s -> mthreads a t = Some th -> mtodo th = [] -> mheld th = [].
Proof.
  intros G E T. destruct (mheld th) as [|[[l m] k] H] eqn:Hh; [reflexivity|exfalso].
  eapply (unfinished a s t th _ m k G E); [|exact T]. exists l. rewrite Hh. split; [now left|reflexivity].
Qed.

Lemma step_park a s t th : good a s -> mthreads a t = Some th -> mruns th = true -> givesWay (mtodo th) = true ->
  good (put a t (mset th (mheld th) (mtodo th) false false) (mqueue a)) s.
Proof.
  intros G E Ru Gw. pose proof (g_ok _ _ G _ _ E) as Ok.
  apply keep with (s := s) (th := th); [exact G|exact E|reflexivity|reflexivity| | | | | |]; try apply G.
  - auto.
  - discriminate.
  - apply put_ok; auto; try apply Ok; try (intros; discriminate). intros _.
    pose proof (k_safe _ Ok) as S. destruct (mtodo th) as [|[[ |[]| | | ]|[]| | ] c] eqn:T; cbn in Gw; try discriminate.
    + rewrite (ends_empty _ _ _ _ G E T). reflexivity.
    + cbn in S. now apply andb_true_iff in S.
    + cbn in S. now apply andb_true_iff in S.
  - eapply shows_same; eauto; [apply G|]. unfold fullThread. cbn. now rewrite (runs_not_waiting _ Ok Ru).
Qed.

Lemma step_local a s t th H c : good a s -> mthreads a t = Some th -> mruns th = true ->
  mlocal (mheld th, mtodo th) (H, c) -> exists s', good (put a t (mset th H c false true) (mqueue a)) s'.
Proof.
  intros G E Ru L. pose proof (g_ok _ _ G _ _ E) as Ok. pose proof (g_shows _ _ G) as Sh.
  pose proof (runs_not_waiting _ Ok Ru) as Wf.
  assert (Ok' : ok (mset th H c false true)).
  { destruct (local_safe (mcode th) _ _ _ _ L (k_safe _ Ok) (k_held _ Ok)). apply put_ok; auto; intros; discriminate. }
  assert (Td : mtodo th = [] -> c = []).
  { intros X. rewrite X in L. inversion L. }
  assert (Go : forall s', shows (put a t (mset th H c false true) (mqueue a)) s' -> reachable P s' ->
    good (put a t (mset th H c false true) (mqueue a)) s').
  { intros s' Sh' Re'. apply keep with (s := s) (th := th); auto. apply G. }
  destruct (local_full _ _ _ _ L) as [Lf|[[Eh Ec]|[h [Ec Eh]]]].
  - exists {| threads := upd (threads s) t (Some (fullThread (mset th H c false true))); queue := queue s |}.
    apply Go; [apply shows_put; [assumption|apply Sh]|]. eapply RStep; [apply G|].
    change (fullThread (mset th H c false true)) with (setThread (fullThread th) (map fst H) (fullItems c) false).
    eapply SLocal; [eapply shows_thread; eauto|exact Wf|exact Lf].
  - exists s. apply Go; [|apply G]. eapply shows_same; eauto. unfold fullThread, mset.
    cbn [mcode msession mheld mtodo mwaiting].
    now rewrite Eh, Ec, Wf.
  - destruct h as [l m]. subst H. destruct (enter_full a s t th l m false c G E Ru Ec) as [s' [St Sh']]; [discriminate|].
    exists s'. apply Go; [assumption|]. eapply RStep; [apply G|exact St].
Qed.

Lemma step_fail a s t th c : good a s -> mthreads a t = Some th -> mruns th = true -> mtodo th <> [] ->
  mfails (flowAt (mcode th)) c -> exists s', good (put a t (mset th [] c false true) (mqueue a)) s'.
Proof.
  intros G E Ru Td F. pose proof (g_ok _ _ G _ _ E) as Ok. pose proof (g_shows _ _ G) as Sh.
  exists {| threads := upd (threads s) t (Some (fullThread (mset th [] c false true))); queue := queue s |}.
  apply keep with (s := s) (th := th); [exact G|exact E|reflexivity|reflexivity| | | | | |].
  - intros X. contradiction.
  - auto.
  - apply put_ok; auto; try (intros; discriminate); [|exact I].
    inversion F; subst; [reflexivity|]. pose proof (flow_safe _ (k_flow _ Ok)) as S. unfold safeFlow in S.
    apply andb_true_iff in S. destruct S as [_ S]. rewrite forallb_forall in S. now apply S.
  - apply G.
  - apply shows_put; [assumption|apply Sh].
  - eapply RStep; [apply G|].
    change (fullThread (mset th [] c false true)) with (setThread (fullThread th) [] (fullItems c) false).
    inversion F as [|h Ih]; subst.
    + eapply SEnd; [eapply shows_thread; eauto|exact (runs_not_waiting _ Ok Ru)].
    + rewrite full_region, own_full. eapply SFailUnfollowed; [eapply shows_thread; eauto|exact (runs_not_waiting _ Ok Ru)|].
      cbn. apply in_flat_map. exists (flowAt (mcode th)). split; [apply nth_In, Ok|now apply in_map].
Qed.

Lemma acquired th e c : ok th -> mtodo th = MAcquire e :: c ->
  safeItems (mcode th) (e :: mheld th) c = true /\ heldOK (mcode th) (e :: mheld th).
Proof.
  intros Ok T. pose proof (k_safe _ Ok) as S. rewrite T in S. cbn [safeItems] in S. apply andb_true_iff in S.
  destruct S as [S S']. unfold safeEntry in S. rewrite !andb_true_iff in S. split; [assumption|]. split; [tauto|].
  apply Ok.
Qed.

Lemma step_take a s t th l m c : good a s -> mthreads a t = Some th -> mruns th = true ->
  mtodo th = MAcquire ((l, m), true) :: c -> mfree a (instanceOf P (msession th) l) m ->
  exists s', good (put a t (mset th (((l, m), true) :: mheld th) c false true) (mqueue a)) s'.
Proof.
  intros G E Ru T Fr. pose proof (g_ok _ _ G _ _ E) as Ok.
  destruct (enter_full a s t th l m true c G E Ru T) as [s' [St Sh']]; [auto|]. exists s'.
  destruct (acquired _ _ _ Ok T).
  apply keep with (s := s) (th := th); [exact G|exact E|reflexivity|reflexivity| | | | | |].
  - rewrite T. discriminate.
  - auto.
  - apply put_ok; auto; intros; discriminate.
  - apply G.
  - exact Sh'.
  - eapply RStep; [apply G|exact St].
Qed.

Lemma in_updq_tail a s (G : good a s) i rest x : mqueue a i = x :: rest ->
  forall j u m, In (u, m) (updq (mqueue a) i rest j) -> mayWait (fst j) = true.
Proof.
  intros Q j u m I. apply (g_queue _ _ G j u m). destruct (instance_dec j i) as [->|N].
  - rewrite updq_same in I. rewrite Q. now right.
  - now rewrite updq_other in I.
Qed.

Lemma step_ask a s t th l m c : good a s -> mthreads a t = Some th -> mruns th = true ->
  mtodo th = MAcquire ((l, m), true) :: c -> holdsAlready (kept (mheld th)) (l, m) = false ->
  mbusy a (instanceOf P (msession th) l) m \/ mqueue a (instanceOf P (msession th) l) <> [] ->
  exists s', good (put a t (mset th (mheld th) (mtodo th) true false)
    (updq (mqueue a) (instanceOf P (msession th) l) (mqueue a (instanceOf P (msession th) l) ++ [(t, m)]))) s'.
Proof.
  intros G E Ru T Al Why. pose proof (g_ok _ _ G _ _ E) as Ok. pose proof (g_shows _ _ G) as Sh.
  pose proof (k_safe _ Ok) as S. rewrite T in S. cbn [safeItems] in S. apply andb_true_iff in S. destruct S as [S _].
  unfold safeEntry in S. cbn [fst snd] in S. rewrite Al in S. cbn [negb orb] in S. rewrite !andb_true_iff in S.
  destruct S as [[Fi _] [Up Pk]].
  assert (Mw : mayWait l = true).
  { destruct Why as [[u [thu [m' [Eu [In C]]]]]|Q].
    - destruct (Nat.eq_dec t u) as [<-|N].
      + exfalso. rewrite E in Eu. inversion Eu; subst thu. destruct In as [l' [I Ei]].
        pose proof (instance_lock _ _ _ _ _ Ei). subst l'. unfold noUpgrade in Up. cbn [fst] in Up. rewrite Al in Up.
        rewrite (kept_any _ _ _ I) in Up. discriminate.
      + assert (Hl : harmless l = false).
        { eapply meets with (t := t) (u := u); eauto. rewrite T. discriminate. }
        unfold mayWait. rewrite Hl. cbn. destruct (stays l) eqn:St; [cbn|reflexivity].
        destruct (other_parked a s t th u thu l m' true G E Eu N (or_introl Ru) St Hl In) as [_ X].
        now apply parked_weaker in X.
    - destruct (mqueue a (instanceOf P (msession th) l)) as [|[u mu] r] eqn:Eq; [contradiction|].
      apply (g_queue _ _ G (instanceOf P (msession th) l) u mu). rewrite Eq. now left. }
  rewrite Mw in Pk. cbn in Pk.
  assert (Al' : holdsAlready (map fst (mheld th)) (l, m) = false).
  { destruct (holdsAlready (map fst (mheld th)) (l, m)) eqn:X; [exfalso|reflexivity].
    apply holdsAlready_in in X. destruct X as [m' [I Su]]. apply in_map_iff in I.
    destruct I as [[h k] [Eh I]]. cbn in Eh. subst h.
    unfold canPark in Pk. rewrite forallb_forall in Pk. pose proof (Pk _ I) as X. cbn [fst snd] in X.
    rewrite (mayWait_harm _ Mw) in X. destruct k; [|discriminate].
    assert (Y : holdsAlready (kept (mheld th)) (l, m) = true); [|congruence].
    unfold holdsAlready, kept. apply existsb_exists. exists (l, m'). split.
    - apply in_map_iff. exists ((l, m'), true). split; [reflexivity|]. now apply filter_In.
    - cbn. now rewrite Nat.eqb_refl. }
  set (i := instanceOf P (msession th) l) in *.
  exists {| threads := upd (threads s) t (Some (fullThread (mset th (mheld th) (mtodo th) true false)));
            queue := updq (queue s) i (queue s i ++ [(t, m)]) |}.
  apply keep with (s := s) (th := th); [exact G|exact E|reflexivity|reflexivity| | | | | |].
  - auto.
  - discriminate.
  - apply put_ok; auto; try apply Ok. intros _. split; [reflexivity|]. exists l, m, c. auto.
  - intros j u m0 I. destruct (instance_dec j i) as [->|N].
    + rewrite updq_same in I. apply in_app_or in I. destruct I as [I|[I|[]]]; [eapply g_queue; eauto|]. exact Mw.
    + rewrite updq_other in I by assumption. eapply g_queue; eauto.
  - apply shows_put; [assumption|]. intros j. rewrite (proj2 Sh i). now apply shows_updq.
  - eapply RStep; [apply G|].
    change (fullThread (mset th (mheld th) (mtodo th) true false))
      with (setThread (fullThread th) (held (fullThread th)) (todo (fullThread th)) true).
    eapply SRequest with (c := fullItems c); [eapply shows_thread; eauto|exact (runs_not_waiting _ Ok Ru)| |exact Al'].
    cbn. rewrite T. reflexivity.
Qed.

(** A lock is handed over. *)
Lemma grant a s t th l m c rest r : good a s -> mthreads a t = Some th -> mwaiting th = true ->
  mtodo th = MAcquire ((l, m), true) :: c -> mqueue a (instanceOf P (msession th) l) = (t, m) :: rest ->
  mfree a (instanceOf P (msession th) l) m ->
  (m = R \/ loopFree a t (msession th)) -> (r = true -> loopFree a t (msession th)) -> (r = false -> m = R) ->
  exists s', good (put a t (mset th (((l, m), true) :: mheld th) c false r)
    (updq (mqueue a) (instanceOf P (msession th) l) rest)) s'.
Proof.
  intros G E Wt T Q Fr Md Ru Rd. pose proof (g_ok _ _ G _ _ E) as Ok. pose proof (g_shows _ _ G) as Sh.
  destruct (k_wait _ Ok Wt) as [Nr [l1 [m1 [c1 [T1 Mw]]]]]. rewrite T in T1. inversion T1; subst l1 m1 c1.
  pose proof (mayWait_harm _ Mw) as Hl. pose proof (k_park _ Ok Nr) as Pk.
  destruct (acquired _ _ _ Ok T) as [S K].
  set (i := instanceOf P (msession th) l) in *. set (th' := mset th (((l, m), true) :: mheld th) c false r).
  exists {| threads := upd (threads s) t (Some (fullThread th')); queue := updq (queue s) i rest |}.
  apply keep with (s := s) (th := th); [exact G|exact E|reflexivity|reflexivity| | | | | |].
  - rewrite T. discriminate.
  - cbn. intros X. right. auto.
  - apply put_ok; auto; try (intros; discriminate). intros X. specialize (Rd X). subst m. cbn. apply andb_true_iff.
    split; [|exact Pk]. rewrite Hl. cbn. unfold mayWait in Mw. now apply andb_true_iff in Mw.
  - eapply in_updq_tail; eauto.
  - apply shows_put; [assumption|]. intros j. now apply shows_updq.
  - eapply RStep; [apply G|].
    change (fullThread th') with (setThread (fullThread th) ((l, m) :: held (fullThread th)) (fullItems c) false).
    eapply SGrant; [eapply shows_thread; eauto|exact Wt| | |].
    + cbn. rewrite T. reflexivity.
    + rewrite (proj2 Sh). exact Q.
    + apply free_full with (a := a); [assumption|]. intros u thu m' k' Eu In C. destruct k'.
      { rewrite (Fr u thu m' Eu In) in C. discriminate. }
      destruct (ghost_stays _ _ _ _ _ l _ G Eu In eq_refl Hl) as [St Np].
      destruct Md as [->|Lf].
      * destruct m'; [discriminate|]. unfold mayWait in Mw. rewrite Hl, St in Mw. cbn in Mw, Np. congruence.
      * destruct (Nat.eq_dec t u) as [<-|N].
        -- rewrite E in Eu. inversion Eu; subst thu. destruct In as [l' [I Ei]]. cbn [fullThread session] in Ei.
           pose proof (instance_lock _ _ _ _ _ Ei). subst l'. unfold canPark in Pk. rewrite forallb_forall in Pk.
           specialize (Pk _ I). cbn [fst snd] in Pk. rewrite Hl in Pk. discriminate.
        -- destruct (other_parked a s t th u thu l m' false G E Eu N (or_intror Lf) St Hl In). discriminate.
Qed.

Lemma good_step own a s a' : good a s -> mstep own a a' -> exists s', good a' s'.
Proof.
  intros G St. destruct St as [a t f n Lf E Al|a t th E Wf Lf|a t th E Ru Gw|a t th H c E Ru L|a t th c E Ru Td F
    |a t th l m c E Ru T Al Fr|a t th l m c E Ru T Al Why|a t th l c rest E Wt T Q Fr|a t th l c rest E Wt T Q Fr Lf].
  - now apply step_spawn with s.
  - exists s. pose proof (g_ok _ _ G _ _ E) as Ok.
    apply keep with (s := s) (th := th); [exact G|exact E|reflexivity|reflexivity| | | | | |]; try apply G.
    + auto.
    + auto.
    + apply put_ok; auto; try apply Ok; intros; discriminate.
    + apply shows_same with (th := th); [apply G|exact E|]. unfold fullThread. cbn. now rewrite Wf.
  - exists s. now apply step_park.
  - now apply step_local with s.
  - now apply step_fail with s.
  - now apply step_take with s.
  - now apply step_ask with s c.
  - apply grant with s; auto. discriminate.
  - apply grant with s; auto. discriminate.
Qed.

Lemma good_reachable a : mreachable a -> exists s, good a s.
Proof.
  induction 1 as [|own a a' Re [s G] St]; [|now apply good_step with own a s].
  exists initial. constructor; cbn; intros; try discriminate; try contradiction; [constructor|].
  split; reflexivity.
Qed.

(** * What that means *)

(** Whatever happens on loops without the removed locks may happen with all of them. *)
Theorem elision_refines a : mreachable a -> exists s, reachable P s /\ shows a s.
Proof. intros Re. destruct (good_reachable a Re) as [s G]. exists s. split; apply G. Qed.

(** Constraints are kept: no two flows are ever inside of conflicting regions of one lock, taken or not, as the
    program was written. They are not even where neither of them runs. *)
Theorem elision_excludes a t u th thu i m m' k k' : mreachable a -> mthreads a t = Some th -> mthreads a u = Some thu ->
  t <> u -> inside th i m k -> inside thu i m' k' -> conflict m m' = false.
Proof.
  intros Re E Eu N In In'. destruct (good_reachable a Re) as [s G].
  eapply (i_excl P s (invariant_reachable P s (g_reach _ _ G)) t u (fullThread th) (fullThread thu) i); auto.
  - eapply shows_thread; eauto. apply G.
  - eapply shows_thread; eauto. apply G.
  - eapply inside_full; eauto.
  - eapply inside_full; eauto.
Qed.

(** Removal makes no deadlock. *)
Theorem elision_deadlock_free : (forall s, reachable P s -> ~ deadlock P s) ->
  forall a, mreachable a -> ~ mdeadlock a.
Proof.
  intros No a Re [D [N De]]. destruct (good_reachable a Re) as [s G]. apply (No s (g_reach _ _ G)). exists D.
  split; [exact N|]. intros t It. destruct (De t It) as [u [Iu [th [l [m [c [E [Wt [T B]]]]]]]]].
  exists u. split; [exact Iu|].
  exists (fullThread th), l, m, (fullItems c). split; [eapply shows_thread; eauto; apply G|]. split; [exact Wt|]. split.
  { cbn. rewrite T. reflexivity. }
  cbn in *. destruct B as [[thu [m' [Eu [In C]]]]|[x [y [z [mu Q]]]]].
  - left. exists (fullThread thu), m'. split; [eapply shows_thread; eauto; apply G|]. split;
    [eapply inside_full; eauto|exact C].
  - right. exists x, y, z, mu. rewrite (proj2 (g_shows _ _ G)). exact Q.
Qed.
End Semantics.

(** * The models *)

(** sped, amped: one loop, on which all locks stay. *)
Definition oneLoop (t n : nat) : nat := 0.
Definition all (l : lock) : bool := true.

(** percore: the flows of a session share a loop, and so do its locks. Waiting for a lock of the program is parking. A
    flow without a session has one of its own here. *)
Definition ofSession (place : nat -> nat) (t n : nat) : nat := place n.

(** thread, pool, process: every flow runs whenever it likes, as if on a loop of its own. What is in the order of
    sources is so on thread and pool alone: on process no flow is [alone]. *)
Definition anywhere (t n : nat) : nat := t.
Definition none (l : lock) : bool := false.

(** * Examples *)
Definition writes (l : lock) w p := MRegion [(l, W)] w p.
Definition reads (l : lock) w p := MRegion [(l, R)] w p.
Definition Quick := MNode false.
Definition Slow := MNode true.
Definition loopProgram ps :=
  {| mflows := map (fun p => {| mbody := p; mhandlers := []; alone := false |}) ps;
     mSession := fun _ => false; mRank := fun l => l |}.
Definition found hs ls := {| parked := hs; writable := ls; outerOf := fun _ => None; soleOf := fun _ => None |}.

(** Nobody parks with lock 0. *)
Example calm : checkElision (loopProgram [writes 0 [0] Quick; MSeq (reads 0 [0] Quick) Slow]) all (found [] [0]) = true.
Proof. reflexivity. Qed.

(** A reader parks with it, so that writers need it, and readers who do not park do not. *)
Example reader_parks : checkElision
  (loopProgram [reads 0 [] Slow; writes 0 [] Quick; reads 0 [0] Quick]) all (found [(0, R)] [0]) = true.
Proof. reflexivity. Qed.
Example writer_needs_it : checkElision
  (loopProgram [reads 0 [] Slow; writes 0 [0] Quick]) all (found [(0, R)] [0]) = false.
Proof. reflexivity. Qed.
Example writer_parks : checkElision
  (loopProgram [writes 0 [] Slow; reads 0 [0] Quick]) all (found [(0, W)] [0]) = false.
Proof. reflexivity. Qed.

(** A reader that is kept waits behind a writer who waits for a reader. Here the writer of 1 waits so within its
    region, so that the reader of 1 must not do without, though nobody blocks who writes 1, nor holds 0 for writing.
    *)
Example waits_behind_writer : checkElision
  (loopProgram [reads 0 [] Slow; writes 0 [] Quick; reads 1 [] Slow; writes 1 [] (reads 0 [] Quick); reads 1 [1] Quick])
  all (found [(0, R); (1, W)] [0; 1]) = false.
Proof. reflexivity. Qed.
Example so_it_is_kept : checkElision
  (loopProgram [reads 0 [] Slow; writes 0 [] Quick; reads 1 [] Slow; writes 1 [] (reads 0 [] Quick); reads 1 [] Quick])
  all (found [(0, R); (1, W)] [0; 1]) = true.
Proof. reflexivity. Qed.

(** Behind a lock that is held for writing, on any model. *)
Example behind : checkElision (loopProgram [writes 0 [] (writes 1 [1] Slow); writes 0 [] (reads 1 [1] Slow)]) none
  {| parked := [(0, W)]; writable := [0; 1]; outerOf := fun l => if l =? 1 then Some 0 else None;
     soleOf := fun _ => None |} = true.
Proof. reflexivity. Qed.
