(** What all of this says of each model: the program that flux-elide-locks leaves keeps the constraints of the one that was
    written, has no deadlock if that one had none, and every one of its flows can then be brought to its end. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Sound Finish Elision Reduced.

Section Progress.
Variable N : mprogram.
Variable loopOf : nat -> nat -> nat.
Let P := fullProgram N.

(** What has to hold of the states that can be reached. *)
Record settled (a : mstate) : Prop := {
  p_wait : forall t th, mthreads a t = Some th -> mwaiting th = true -> mruns th = false /\ exists l m c,
    mtodo th = MAcquire ((l, m), true) :: c /\ In (t, m) (mqueue a (instanceOf P (msession th) l));
  p_queue : forall u m i, In (u, m) (mqueue a i) -> exists th, mthreads a u = Some th /\ mwaiting th = true;
  p_ends : forall t th h, mthreads a t = Some th -> mtodo th = [] -> ~ In (h, true) (mheld th);
  p_one : forall t u th thu, mthreads a t = Some th -> mthreads a u = Some thu -> mruns th = true ->
    mruns thu = true -> loopOf t (msession th) = loopOf u (msession thu) -> t = u;
  p_finite : exists ts, forall t th, mthreads a t = Some th -> In t ts
}.

Hypothesis Settled : forall a, mreachable N loopOf a -> settled a.
Hypothesis NoDeadlock : forall a, mreachable N loopOf a -> ~ mdeadlock N a.

(** * Every step but those to and from a loop uses something up. *)
Fixpoint msize (p : mprog) : nat :=
  match p with
  | MSkip | MNode _ => 1
  | MSeq p q | MBranch p q => S (msize p + msize q)
  | MRegion hs _ p => 2 + 2 * length hs + msize p
  end.
Fixpoint mweight (c : list mitem) : nat :=
  match c with
  | [] => 0
  | MRun p :: c => msize p + mweight c
  | MAcquire _ :: c => 2 + mweight c
  | MHandle _ :: c | MRelease _ :: c => 1 + mweight c
  end.
Definition mload th := mweight (mtodo th) - (if mwaiting th then 1 else 0).
Definition loadAt a t := match mthreads a t with Some th => mload th | None => 0 end.
Fixpoint mtotal a ts := match ts with [] => 0 | t :: ts => loadAt a t + mtotal a ts end.

Lemma mweight_app a b : mweight (a ++ b) = mweight a + mweight b.
Proof. induction a as [|[p|h|e|k] a IH]; cbn [mweight app]; lia. Qed.
Lemma mweight_acquire es : mweight (map MAcquire es) = 2 * length es.
Proof. induction es; cbn; lia. Qed.
Lemma msize_positive p : 1 <= msize p.
Proof. induction p; cbn; lia. Qed.

Lemma mlocal_weight H c H' c' : mlocal N (H, c) (H', c') -> mweight c' < mweight c.
Proof.
  intros L. inversion L; subst; cbn [mweight msize]; try lia;
    try (repeat match goal with p : mprog |- _ =>
      lazymatch goal with X : 1 <= msize p |- _ => fail | _ => pose proof (msize_positive p) end end; lia).
  - unfold mregion. rewrite !mweight_app, mweight_acquire. cbn [mweight app]. unfold own. rewrite map_length.
    pose proof (inOrder_length P hs) as X. change (rank P) with (mRank N) in X.
    unfold hold in *. lia.
Qed.

Lemma total_put a t th' q : forall ts,
  (forall th, mthreads a t = Some th -> mload th' <= mload th) -> mthreads a t <> None ->
  mtotal (put a t th' q) ts <= mtotal a ts.
Proof.
  induction ts as [|u ts IH]; intros L Nn; [cbn; lia|]. cbn [mtotal]. specialize (IH L Nn).
  assert (loadAt (put a t th' q) u <= loadAt a u); [|lia]. unfold loadAt. cbn [put mthreads].
  destruct (Nat.eq_dec u t) as [->|Nu]; [|rewrite upd_other by assumption; lia]. rewrite upd_same.
  destruct (mthreads a t); [auto|contradiction].
Qed.

Lemma total_less a t th th' q : mthreads a t = Some th -> mload th' < mload th ->
  forall ts, In t ts -> mtotal (put a t th' q) ts < mtotal a ts.
Proof.
  intros E L. induction ts as [|u ts IH]; intros I; [destruct I|]. cbn [mtotal].
  assert (Le : mtotal (put a t th' q) ts <= mtotal a ts).
  { apply total_put; [intros x Ex; rewrite E in Ex; inversion Ex; subst; lia|congruence]. }
  assert (Ue : u = t -> loadAt (put a t th' q) u < loadAt a u).
  { intros ->. unfold loadAt. cbn [put mthreads]. now rewrite upd_same, E. }
  assert (Un : u <> t -> loadAt (put a t th' q) u = loadAt a u).
  { intros Nu. unfold loadAt. cbn [put mthreads]. now rewrite upd_other. }
  destruct (Nat.eq_dec u t) as [->|Nu].
  - specialize (Ue eq_refl). lia.
  - specialize (Un Nu). destruct I as [I|I]; [contradiction|]. specialize (IH I). lia.
Qed.

Inductive mruns_on : mstate -> mstate -> Prop :=
| MRunsNow a : mruns_on a a
| MRunsOn a b c : mstep N loopOf true a b -> mruns_on b c -> mruns_on a c.
Definition mfinished a := forall t th, mthreads a t = Some th -> mtodo th = [].

Lemma runs_app a b c : mruns_on a b -> mruns_on b c -> mruns_on a c.
Proof. induction 1; [auto|]. intros R. eapply MRunsOn; eauto. Qed.

Lemma runs_reachable a b : mruns_on a b -> mreachable N loopOf a -> mreachable N loopOf b.
Proof. induction 1; [auto|]. intros Re. apply IHmruns_on. eapply MStep; eauto. Qed.

(** ** Who runs goes on. *)
Definition within a ts := forall t th, mthreads a t = Some th -> In t ts.
Definition less a ts := exists b, mruns_on a b /\ within b ts /\ mtotal b ts < mtotal a ts.

Lemma within_put a t th th' q ts : mthreads a t = Some th -> within a ts -> within (put a t th' q) ts.
Proof.
  intros E Wi u thu Eu. cbn in Eu. destruct (Nat.eq_dec u t) as [->|Nu]; [eapply Wi; eauto|].
  rewrite upd_other in Eu by assumption. eapply Wi; eauto.
Qed.

Lemma step_less a t th th' q ts : within a ts -> mthreads a t = Some th -> mload th' < mload th ->
  mstep N loopOf true a (put a t th' q) -> less a ts.
Proof.
  intros Wi E L St. exists (put a t th' q). split; [eapply MRunsOn; [exact St|constructor]|].
  split; [eapply within_put; eauto|]. eapply total_less; eauto.
Qed.

Definition holdsBusy (m : mode) (i : instance) (th : mthread) : bool :=
  existsb (fun e => snd e && instance_eqb (instanceOf P (msession th) (fst (fst e))) i && conflict m (snd (fst e))) (mheld th).

Lemma holdsBusy_true m i th : holdsBusy m i th = true <-> exists m', inside N th i m' true /\ conflict m m' = true.
Proof.
  unfold holdsBusy, inside. rewrite existsb_exists. split.
  - intros [[[l m'] k] [I X]]. cbn [fst snd] in X. rewrite !andb_true_iff in X. destruct X as [[-> X] C].
    apply instance_eqb_eq in X. exists m'. split; [|exact C]. exists l. auto.
  - intros [m' [[l [I E]] C]]. exists ((l, m'), true). split; [exact I|]. cbn [fst snd]. rewrite C.
    assert (X : instance_eqb (instanceOf P (msession th) l) i = true) by now apply instance_eqb_eq. now rewrite X.
Qed.

Lemma free_or_busy a ts i m : within a ts -> mfree N a i m \/
  exists u th m', mthreads a u = Some th /\ inside N th i m' true /\ conflict m m' = true.
Proof.
  intros Wi. destruct (list_choice
    (fun u => exists th m', mthreads a u = Some th /\ inside N th i m' true /\ conflict m m' = true)
    (fun u => forall th, mthreads a u = Some th -> holdsBusy m i th = false) ts) as [[u [_ [th [m' X]]]]|All].
  - intros u _. destruct (mthreads a u) as [th|]; [|right; intros; discriminate].
    destruct (holdsBusy m i th) eqn:B; [left|right; intros x Ex; inversion Ex; now subst].
    apply holdsBusy_true in B. destruct B as [m' X]. eauto.
  - right. eauto.
  - left. intros u th m' E In. specialize (All u (Wi u th E) th E). destruct (conflict m m') eqn:C; [|reflexivity].
    assert (X : holdsBusy m i th = true); [|congruence]. apply holdsBusy_true. eauto.
Qed.

Lemma advance a ts t th : settled a -> within a ts -> mthreads a t = Some th -> mruns th = true -> mtodo th <> [] ->
  less a ts.
Proof.
  intros Se Wi E Ru Td.
  assert (Wf : mwaiting th = false).
  { destruct (mwaiting th) eqn:X; [|reflexivity]. destruct (p_wait _ Se t th E X). congruence. }
  assert (Local : forall H c, mlocal N (mheld th, mtodo th) (H, c) -> less a ts).
  { intros H c L. eapply step_less; [exact Wi|exact E| |eapply LLocal; eauto]. unfold mload. cbn [mset mtodo mwaiting].
    rewrite Wf. pose proof (mlocal_weight _ _ _ _ L). lia. }
  destruct (mtodo th) as [|[p|b|[[l m] [|]]|k] c] eqn:T; [contradiction| | | | |].
  - destruct p; eapply Local; constructor.
  - eapply Local. constructor.
  - destruct (holdsAlready (kept (mheld th)) (l, m)) eqn:Al; [eapply Local; now constructor|].
    destruct (free_or_busy a ts (instanceOf P (msession th) l) m Wi) as [Fr|Bu].
    + eapply step_less; [exact Wi|exact E| |eapply LTake; eauto]. unfold mload. cbn [mset mtodo mwaiting].
      rewrite Wf, T. cbn. lia.
    + eapply step_less; [exact Wi|exact E| |eapply LAsk; eauto]. unfold mload. cbn [mset mtodo mwaiting].
      rewrite Wf, T. cbn. lia.
  - eapply Local. constructor.
  - eapply Local. constructor.
Qed.

(** ** A loop that is kept by a flow at its end is left, and taken. *)
Lemma clear a ts t n : settled a -> within a ts -> less a ts \/ loopFree loopOf a t n \/
  exists u thu, mthreads a u = Some thu /\ mruns thu = true /\ mtodo thu = [] /\
    loopFree loopOf (put a u (mset thu (mheld thu) (mtodo thu) false false) (mqueue a)) t n.
Proof.
  intros Se Wi. destruct (list_choice
    (fun u => exists thu, mthreads a u = Some thu /\ mruns thu = true /\ loopOf u (msession thu) = loopOf t n)
    (fun u => forall thu, mthreads a u = Some thu -> mruns thu = true -> loopOf u (msession thu) <> loopOf t n) ts)
    as [[u [_ [thu [Eu [Ru L]]]]]|All].
  - intros u _. destruct (mthreads a u) as [thu|]; [|right; intros; discriminate].
    destruct (mruns thu) eqn:Ru; [|right; intros x Ex; inversion Ex; subst; congruence].
    destruct (Nat.eq_dec (loopOf u (msession thu)) (loopOf t n)) as [L|Nl]; [left; eauto|].
    right. intros x Ex. inversion Ex; subst. auto.
  - destruct (mtodo thu) as [|x c] eqn:T.
    + right. right. exists u, thu. rewrite T. split; [exact Eu|]. split; [exact Ru|]. split; [reflexivity|].
      intros v thv Ev Rv Lv. cbn in Ev. destruct (Nat.eq_dec v u) as [->|Nv].
      * rewrite upd_same in Ev. inversion Ev; subst. discriminate.
      * rewrite upd_other in Ev by assumption. apply Nv. eapply (p_one _ Se v u); eauto. congruence.
    + left. eapply advance; eauto. rewrite T. discriminate.
  - right. left. intros u thu Eu. apply All; eauto.
Qed.

Lemma park_load a u thu q ts : mthreads a u = Some thu -> mtodo thu = [] ->
  mtotal (put a u (mset thu (mheld thu) (mtodo thu) false false) q) ts <= mtotal a ts.
Proof.
  intros E T. apply total_put; [|congruence]. intros x Ex. rewrite E in Ex. inversion Ex; subst. unfold mload. cbn.
  rewrite T. cbn. lia.
Qed.

Lemma more_less a b ts : mruns_on a b -> mtotal b ts <= mtotal a ts -> less b ts -> less a ts.
Proof. intros R L [c [R' [Wi L']]]. exists c. split; [eapply runs_app; eauto|]. split; [exact Wi|lia]. Qed.

Definition resumed th := mset th (mheld th) (mtodo th) false true.

Lemma resume_less a ts t th : mreachable N loopOf a -> within a ts -> mthreads a t = Some th ->
  mwaiting th = false -> mtodo th <> [] -> less a ts.
Proof.
  intros Re Wi E Wf Td.
  assert (Go : forall b, mreachable N loopOf b -> within b ts -> mthreads b t = Some th ->
    loopFree loopOf b t (msession th) -> less b ts).
  { intros b Rb Wb Eb Lf. set (c := put b t (resumed th) (mqueue b)).
    assert (St : mstep N loopOf true b c) by (now apply LResume).
    apply more_less with c.
    - eapply MRunsOn; [exact St|constructor].
    - apply total_put; [|congruence]. intros x Ex. rewrite Eb in Ex. inversion Ex; subst. unfold mload. cbn. rewrite Wf. lia.
    - apply advance with t (resumed th); [apply Settled; eapply MStep; eauto|eapply within_put; eauto| |reflexivity|exact Td].
      apply upd_same. }
  destruct (mruns th) eqn:Ru; [eapply advance; eauto|].
  destruct (clear a ts t (msession th) (Settled a Re) Wi) as [L|[Lf|[u [thu [Eu [Rt [T Lf]]]]]]]; [exact L|auto|].
  set (b := put a u (mset thu (mheld thu) (mtodo thu) false false) (mqueue a)) in *.
  assert (St : mstep N loopOf true a b) by (apply LPark; [exact Eu|exact Rt|now rewrite T]).
  apply more_less with b; [eapply MRunsOn; [exact St|constructor]|now apply park_load|].
  apply Go; [eapply MStep; eauto|eapply within_put; eauto| |exact Lf].
  cbn. rewrite upd_other; [exact E|]. intros ->. congruence.
Qed.

(** ** Somebody who waits is served. *)
Lemma grant_less a ts t th l m c rest : mreachable N loopOf a -> within a ts -> mthreads a t = Some th ->
  mwaiting th = true -> mtodo th = MAcquire ((l, m), true) :: c ->
  mqueue a (instanceOf P (msession th) l) = (t, m) :: rest -> mfree N a (instanceOf P (msession th) l) m -> less a ts.
Proof.
  intros Re Wi E Wt T Q Fr.
  assert (Ld : forall r, mload (mset th (((l, m), true) :: mheld th) c false r) < mload th).
  { intros r. unfold mload. cbn. rewrite T, Wt. cbn. lia. }
  destruct m.
  - eapply step_less; [exact Wi|exact E|apply (Ld false)|]. eapply LHand; eauto.
  - destruct (clear a ts t (msession th) (Settled a Re) Wi) as [L|[Lf|[u [thu [Eu [Rt [Tu Lf]]]]]]]; [exact L| |].
    + eapply step_less; [exact Wi|exact E|apply (Ld true)|]. eapply LWake; eauto.
    + set (b := put a u (mset thu (mheld thu) (mtodo thu) false false) (mqueue a)) in *.
      assert (St : mstep N loopOf true a b) by (apply LPark; [exact Eu|exact Rt|now rewrite Tu]).
      assert (Nu : t <> u) by (intros ->; congruence).
      assert (Eb : mthreads b t = Some th) by (cbn; now rewrite upd_other).
      apply more_less with b; [eapply MRunsOn; [exact St|constructor]|now apply park_load|].
      eapply step_less; [eapply within_put; eauto|exact Eb|apply (Ld true)|]. eapply LWake; eauto.
      intros v thv m' Ev In. cbn in Ev. destruct (Nat.eq_dec v u) as [->|Nv].
      * rewrite upd_same in Ev. inversion Ev; subst. apply (Fr u thu m' Eu). exact In.
      * rewrite upd_other in Ev by assumption. eapply Fr; eauto.
Qed.

Lemma go_on a ts : mreachable N loopOf a -> within a ts -> mfinished a \/ less a ts.
Proof.
  intros Re Wi. pose proof (Settled a Re) as Se.
  destruct (list_choice (fun t => exists th, mthreads a t = Some th /\ mwaiting th = false /\ mtodo th <> [])
    (fun t => forall th, mthreads a t = Some th -> mwaiting th = true \/ mtodo th = []) ts) as [[t [_ [th [E [Wf Td]]]]]|All].
  { intros t _. destruct (mthreads a t) as [th|]; [|right; intros; discriminate]. destruct (mwaiting th) eqn:Wt.
    - right. intros x Ex. inversion Ex; subst. now left.
    - destruct (mtodo th) eqn:T.
      + right. intros x Ex. inversion Ex; subst. now right.
      + left. exists th. rewrite T. repeat split; auto. discriminate. }
  { right. eapply resume_less; eauto. }
  set (D := filter (fun t => match mthreads a t with Some th => mwaiting th | None => false end) ts).
  assert (InD : forall t th, mthreads a t = Some th -> mwaiting th = true -> In t D).
  { intros t th E Wt. apply filter_In. split; [eapply Wi; eauto|]. now rewrite E. }
  destruct (list_choice (fun _ => less a ts) (fun t => exists u, In u D /\ mblockedBy N a t u) D) as [[_ [_ L]]|Blocked].
  { intros t It. apply filter_In in It. destruct It as [_ Wt]. destruct (mthreads a t) as [th|] eqn:E; [|discriminate].
    destruct (p_wait _ Se t th E Wt) as [_ [l [m [c [T Q]]]]].
    apply in_split in Q. destruct Q as [x [d Q]]. destruct x as [|[u mu] x].
    - destruct (free_or_busy a ts (instanceOf P (msession th) l) m Wi) as [Fr|[u [thu [m' [Eu [In C]]]]]].
      + left. eapply grant_less; eauto.
      + right. exists u. split.
        * destruct (All u (Wi u thu Eu) thu Eu) as [Wu|Tu]; [exact (InD u thu Eu Wu)|]. exfalso.
          destruct In as [l' [I _]]. exact (p_ends _ Se u thu _ Eu Tu I).
        * exists th, l, m, c. split; [exact E|]. split; [exact Wt|]. split; [exact T|]. left. exists thu, m'. auto.
    - right. exists u. destruct (p_queue _ Se u mu (instanceOf P (msession th) l)) as [thu [Eu Wu]].
      { rewrite Q. now left. }
      split; [exact (InD u thu Eu Wu)|]. exists th, l, m, c. split; [exact E|]. split; [exact Wt|]. split; [exact T|].
      right. exists [], x, d, mu. exact Q. }
  { now right. }
  destruct D as [|t D'] eqn:ED.
  - left. intros t th E. destruct (All t (Wi t th E) th E) as [Wt|T]; [|exact T]. destruct (InD t th E Wt).
  - exfalso. apply (NoDeadlock a Re). exists D. subst D. rewrite ED. split; [discriminate|exact Blocked].
Qed.

Theorem settled_can_finish a : mreachable N loopOf a -> exists b, mruns_on a b /\ mfinished b.
Proof.
  intros Re. destruct (p_finite _ (Settled a Re)) as [ts Wi]. remember (mtotal a ts) as n eqn:En.
  revert a Re Wi En. induction n as [n IH] using lt_wf_ind. intros a Re Wi En.
  destruct (go_on a ts Re Wi) as [F|[b [Rb [Wb L]]]]; [exists a; split; [constructor|exact F]|].
  subst n. destruct (IH (mtotal b ts) L b) as [c [Rc F]]; auto; [eapply runs_reachable; eauto|].
  exists c. split; [eapply runs_app; eauto|exact F].
Qed.
End Progress.

(** * What flux-elide-locks leaves *)

(** Whatever state the program that is left comes to: nobody waits in a circle, steps of the flows that are there bring
    all of them to their ends, and the program with notes shows where they are, which is never within conflicting
    regions of the program as it was written. *)
Definition nothing_lost (M : mprogram) (loopOf : nat -> nat -> nat) : Prop :=
  forall a, mreachable (reduceProgram M) loopOf a ->
  ~ mdeadlock (reduceProgram M) a /\
  (exists b, mruns_on (reduceProgram M) loopOf a b /\ mfinished b) /\
  (exists noted, agrees noted a /\ forall t u th thu i m m' k k', mthreads noted t = Some th ->
     mthreads noted u = Some thu -> t <> u -> inside M th i m k -> inside M thu i m' k' -> conflict m m' = false).

Section Removal.
Variable M : mprogram.
Variable loopOf : nat -> nat -> nat.
Variable stays : lock -> bool.
Variable J : judgement.
Hypothesis Stays : forall l t u n n', stays l = true ->
  instanceOf (fullProgram M) n l = instanceOf (fullProgram M) n' l -> loopOf t n = loopOf u n'.
Hypothesis Ck : checkElision M stays J = true.
Let N := reduceProgram M.

Lemma left_first H h c c' : left H (MAcquire (h, true) :: c) c' -> exists c1, c' = MAcquire (h, true) :: c1.
Proof. intros L. inversion L; subst. eauto. Qed.

Lemma reduced_settled a' : mreachable N loopOf a' -> settled N loopOf a'.
Proof.
  intros Re'. destruct (reduced_runs M loopOf a' Re') as [a [Re A]].
  destruct (good_reachable M loopOf stays J Stays Ck a Re) as [s G].
  pose proof (invariant_reachable _ s (g_reach _ _ _ _ _ _ G)) as I. pose proof (g_shows _ _ _ _ _ _ G) as Sh. constructor.
  - intros t th' E' Wt'. destruct (agrees_some _ _ _ _ A E') as [th [E Li]].
    pose proof Wt' as Wt. rewrite (l_waiting _ _ Li) in Wt.
    destruct (k_wait _ _ _ _ (g_ok _ _ _ _ _ _ G t th E) Wt) as [Nr [l [m [c [T _]]]]].
    split; [now rewrite (l_runs _ _ Li)|].
    destruct (i_wait _ _ I t (fullThread th) (shows_thread _ _ _ _ Sh E) Wt) as [l1 [m1 [c1 [T1 [_ Q]]]]].
    cbn in T1. rewrite T in T1. cbn in T1. inversion T1; subst l1 m1. clear T1.
    pose proof (l_todo _ _ Li) as Lt. rewrite T in Lt. destruct (left_first _ _ _ _ Lt) as [c' T'].
    exists l, m, c'. split; [exact T'|]. rewrite (l_session _ _ Li), (proj2 A), <- (proj2 Sh). exact Q.
  - intros u m i Q. rewrite (proj2 A), <- (proj2 Sh) in Q. destruct (i_queue _ _ I u m i Q) as [x [_ [_ [Ex [Wx _]]]]].
    rewrite (proj1 Sh) in Ex. destruct (mthreads a u) as [th|] eqn:E; [|discriminate]. cbn [option_map] in Ex.
    inversion Ex; subst x. destruct (agrees_back _ _ _ _ A E) as [th' [E' Li]]. exists th'. split; [exact E'|].
    rewrite (l_waiting _ _ Li). exact Wx.
  - intros t th' h E' T' I'. destruct (agrees_some _ _ _ _ A E') as [th [E Li]].
    pose proof (l_todo _ _ Li) as Lt. rewrite T' in Lt. apply left_nil in Lt.
    rewrite (l_held _ _ Li), (ends_empty _ _ _ _ _ _ _ _ G E Lt) in I'. destruct I'.
  - intros t u th' thu' E' Eu' Rt Ru L. destruct (agrees_some _ _ _ _ A E') as [th [E Li]].
    destruct (agrees_some _ _ _ _ A Eu') as [thu [Eu Lu]].
    eapply (g_one _ _ _ _ _ _ G t u th thu E Eu).
    + now rewrite <- (l_runs _ _ Li).
    + now rewrite <- (l_runs _ _ Lu).
    + now rewrite <- (l_session _ _ Li), <- (l_session _ _ Lu).
  - destruct (finite _ s (g_reach _ _ _ _ _ _ G)) as [ts Su]. exists ts. intros t th' E'.
    destruct (agrees_some _ _ _ _ A E') as [th [E _]]. eapply Su. eapply shows_thread; eauto.
Qed.

Theorem removal_loses_nothing :
  (forall s, reachable (fullProgram M) s -> ~ deadlock (fullProgram M) s) -> nothing_lost M loopOf.
Proof.
  intros No a Re. split; [|split].
  - exact (reduced_deadlock_free M loopOf stays J Stays Ck No a Re).
  - apply settled_can_finish; [apply reduced_settled| |exact Re].
    exact (reduced_deadlock_free M loopOf stays J Stays Ck No).
  - exact (reduced_excludes M loopOf stays J Stays Ck a Re).
Qed.
End Removal.

(** * The models *)
Section Models.
Variable M : mprogram.
Variable J : judgement.
Hypothesis DeadlockFree : forall s, reachable (fullProgram M) s -> ~ deadlock (fullProgram M) s.

(** sped, amped *)
Theorem one_loop : checkElision M all J = true -> nothing_lost M oneLoop.
Proof. intros Ck. apply removal_loses_nothing with all J; auto. Qed.

(** percore, however sessions are given to loops *)
Theorem several_loops place : checkElision M (mSession M) J = true -> nothing_lost M (ofSession place).
Proof.
  intros Ck. apply removal_loses_nothing with (mSession M) J; auto.
  intros l t u n n' S E. unfold instanceOf in E. cbn in E. rewrite S in E. unfold ofSession. congruence.
Qed.

(** thread, pool, process *)
Theorem no_loops : checkElision M none J = true -> nothing_lost M anywhere.
Proof. intros Ck. apply removal_loses_nothing with none J; auto. discriminate. Qed.
End Models.
