(** Programs that the checker accepts do not deadlock. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant.

Section WithProgram.
Variable P : program.

Lemma memb_in l ls : memb l ls = true <-> In l ls.
Proof.
  unfold memb. rewrite existsb_exists. split.
  - intros [x [I E]]. apply Nat.eqb_eq in E. now subst.
  - intros I. exists l. split; [assumption|apply Nat.eqb_refl].
Qed.

Lemma meet_false a b l : meet a b = false -> In l a -> In l b -> False.
Proof.
  unfold meet. intros M A B. assert (existsb (fun l => memb l b) a = true); [|congruence].
  apply existsb_exists. exists l. split; [assumption|]. now apply memb_in.
Qed.

Lemma hold_eqb_eq a b : hold_eqb a b = true -> a = b.
Proof.
  destruct a as [l m], b as [l' m']. unfold hold_eqb. cbn. rewrite andb_true_iff, Nat.eqb_eq.
  intros [-> E]. destruct m, m'; cbn in E; congruence.
Qed.

Lemma split_unique (t : nat) (m m' : mode) : forall a d a' d',
  NoDup (map fst (a ++ (t, m) :: d)) -> a ++ (t, m) :: d = a' ++ (t, m') :: d' -> a = a'.
Proof.
  induction a as [|x a IH]; intros d a' d' N E; destruct a' as [|x' a']; cbn in *.
  - reflexivity.
  - exfalso. inversion E; subst. inversion N; subst. apply H1. rewrite map_app. apply in_or_app.
    right. now left.
  - exfalso. inversion E; subst. inversion N; subst. apply H1. rewrite map_app. apply in_or_app.
    right. now left.
  - inversion E; subst. f_equal. inversion N; subst. eapply IH; eauto.
Qed.

Lemma place_of s t th l m c : invariant P s -> threads s t = Some th -> waiting th = true ->
  todo th = Acquire (l, m) :: c -> In (held th, (l, m)) (places P).
Proof.
  intros I E Wt T. destruct (i_wait _ _ I _ _ E Wt) as [l1 [m1 [c1 [T1 [H1 _]]]]].
  rewrite T in T1. inversion T1; subst. apply (i_code _ _ I _ _ E). rewrite T. cbn. unfold placesOf.
  rewrite H1. now left.
Qed.

Lemma written_want H l : In (H, (l, W)) (places P) -> memb l (written P) = true.
Proof.
  intros I. apply memb_in. unfold written. apply in_flat_map. exists (H, (l, W)).
  split; [assumption|]. cbn. now left.
Qed.

Lemma written_held H w l : In (H, w) (places P) -> In (l, W) H -> memb l (written P) = true.
Proof.
  intros I L. apply memb_in. unfold written. apply in_flat_map. exists (H, w).
  split; [assumption|]. apply in_map_iff. exists (l, W). split; [reflexivity|].
  apply filter_In. split; [now right|reflexivity].
Qed.

(** Behind whoever queues there is a flow that holds the lock, and if both read, a writer that queues, too. *)
Definition behindWriter s (D : nat -> Prop) (i : instance) (l : lock) := exists z thz c, D z /\
  threads s z = Some thz /\ waiting thz = true /\ todo thz = Acquire (l, W) :: c /\ instanceOf P (session thz) l = i.

Definition waitsFor s (D : nat -> Prop) t u := exists th l m c thu m', threads s t = Some th /\
  todo th = Acquire (l, m) :: c /\ threads s u = Some thu /\
  holdsInstance P thu (instanceOf P (session th) l) m' /\
  (conflict m m' = true \/ behindWriter s D (instanceOf P (session th) l) l).

Lemma instance_lock s s' l l' : instanceOf P s l = instanceOf P s' l' -> l = l'.
Proof. unfold instanceOf. congruence. Qed.

Lemma blocked_by_holder s D : invariant P s -> deadlockOf P s D ->
  forall n t th l m c a d, In t D -> threads s t = Some th -> waiting th = true ->
    todo th = Acquire (l, m) :: c -> queue s (instanceOf P (session th) l) = a ++ (t, m) :: d ->
    length a <= n ->
    exists u thu m', In u D /\ threads s u = Some thu /\
      holdsInstance P thu (instanceOf P (session th) l) m' /\ memb l (written P) = true /\
      (conflict m m' = true \/ behindWriter s (fun z => In z D) (instanceOf P (session th) l) l).
Proof.
  intros I [_ F]. induction n as [n IH] using lt_wf_ind. intros t th l m c a d It E Wt T Q Ln.
  destruct (F t It) as [u [Iu [th1 [l1 [m1 [c1 [E1 [W1 [T1 B]]]]]]]]].
  rewrite E in E1. inversion E1; subst th1. rewrite T in T1. inversion T1; subst l1 m1 c1.
  cbn in B. destruct B as [[thu [m' [Eu [Hu C]]]]|[a1 [b1 [d1 [mu Q1]]]]].
  - exists u, thu, m'. split; [assumption|]. split; [assumption|]. split; [assumption|]. split; [|now left]. destruct m.
    + destruct m'; [discriminate|]. destruct (F u Iu) as [v [_ [thu1 [l2 [m2 [c2 [Eu1 [W2 [T2 _]]]]]]]]].
      rewrite Eu in Eu1. inversion Eu1; subst thu1. destruct Hu as [l3 [I3 Ei]].
      apply instance_lock in Ei. subst l3. exact (written_held _ _ _ (place_of _ _ _ _ _ _ I Eu W2 T2) I3).
    + exact (written_want _ _ (place_of _ _ _ _ _ _ I E Wt T)).
  - assert (Ea : a = a1 ++ (u, mu) :: b1).
    { rewrite Q in Q1. replace (a1 ++ (u, mu) :: b1 ++ (t, m) :: d1) with ((a1 ++ (u, mu) :: b1) ++ (t, m) :: d1) in Q1
        by (rewrite <- app_assoc; reflexivity).
      eapply split_unique; [|exact Q1]. rewrite <- Q. apply I. }
    destruct (i_queue _ _ I u mu (instanceOf P (session th) l)) as [thu [l2 [c2 [Eu [Wu [Tu Ei]]]]]].
    { rewrite Q1. apply in_or_app. right. now left. }
    pose proof (instance_lock _ _ _ _ Ei). subst l2.
    edestruct (IH (length a1)) with (t := u) (a := a1) as [v [thv [m' [Iv [Ev [Hv [Wr Cf]]]]]]]; eauto.
    { subst a. rewrite app_length in Ln. cbn in Ln. lia. }
    { rewrite Ei. exact Q1. }
    exists v, thv, m'. rewrite <- Ei. split; [assumption|]. split; [assumption|]. split; [assumption|]. split; [assumption|].
    destruct Cf as [Cf|Cf]; [|now right]. destruct m, m'; cbn; auto.
    destruct mu; [discriminate|]. right. exists u, thu, c2. auto.
Qed.

Definition atPoint s t p := exists th l m c, threads s t = Some th /\ waiting th = true /\
  todo th = Acquire (l, m) :: c /\ covers (written P) p (held th, (l, m)) = true /\
  memb l (written P) = true.

Lemma holdsAlready_in hs l m : holdsAlready hs (l, m) = true -> exists m', In (l, m') hs /\ suffices m' m = true.
Proof.
  unfold holdsAlready. rewrite existsb_exists. intros [[l' m'] [I X]]. cbn in X. apply andb_true_iff in X.
  destruct X as [X S]. apply Nat.eqb_eq in X. subst. eauto.
Qed.

Lemma covers_may p H w l m : covers (written P) p (H, w) = true -> In (l, m) H ->
  memb l (written P) = true -> exists m', In (l, m') (may p) /\ suffices m' m = true.
Proof.
  unfold covers. rewrite !andb_true_iff. intros [[A _] _] I Wr. cbn in A.
  rewrite forallb_forall in A. specialize (A _ I). cbn [fst] in A. rewrite Wr in A. now apply holdsAlready_in.
Qed.

Lemma covers_must p H w l m : covers (written P) p (H, w) = true -> In (l, m) (must p) ->
  exists m', In (l, m') H /\ suffices m' m = true.
Proof.
  unfold covers. rewrite !andb_true_iff. intros [[_ B] _] I. cbn in B.
  rewrite forallb_forall in B. specialize (B _ I). now apply holdsAlready_in.
Qed.

Lemma covers_want p H w : covers (written P) p (H, w) = true -> want p = w.
Proof. unfold covers. rewrite !andb_true_iff. intros [_ E]. now apply hold_eqb_eq. Qed.

Lemma not_excluded s t u th thu p q : invariant P s -> t <> u ->
  threads s t = Some th -> threads s u = Some thu -> atPoint s t p -> atPoint s u q ->
  excludes P (session th =? session thu) p q = false.
Proof.
  intros I N E Eu [th1 [l [m [c [E1 [_ [_ [C _]]]]]]]] [th2 [l2 [m2 [c2 [E2 [_ [_ [C2 _]]]]]]]].
  rewrite E in E1. inversion E1; subst th1. rewrite Eu in E2. inversion E2; subst th2.
  destruct (excludes P (session th =? session thu) p q) eqn:X; [exfalso|reflexivity].
  unfold excludes in X. apply existsb_exists in X. destruct X as [[a ma] [Ia X]]. cbn in X.
  apply andb_true_iff in X. destruct X as [Sc X]. apply existsb_exists in X.
  destruct X as [[b mb] [Ib X]]. cbn in X. apply andb_true_iff in X. destruct X as [Eab X].
  apply Nat.eqb_eq in Eab. subst b.
  destruct (covers_must _ _ _ _ _ C Ia) as [m1' [I1 S1]].
  destruct (covers_must _ _ _ _ _ C2 Ib) as [m2' [I2 S2]].
  assert (F : conflict m1' m2' = false).
  { eapply (i_excl _ _ I t u th thu (instanceOf P (session th) a)); eauto.
    - exists a. auto.
    - exists a. split; [assumption|]. unfold instanceOf. destruct (isSession P a); [|reflexivity].
      cbn in Sc. rewrite orb_false_r in Sc. apply Nat.eqb_eq in Sc. now rewrite Sc. }
  destruct ma, mb, m1', m2'; cbn in *; congruence.
Qed.

Lemma excludes_less b p q : excludes P b p q = false -> excludes P false p q = false.
Proof.
  destruct b; [|auto]. unfold excludes. intros E. match goal with |- ?g = false => destruct g eqn:X; [exfalso|reflexivity] end.
  apply existsb_exists in X. destruct X as [h [I X]]. apply andb_true_iff in X. destruct X as [_ X].
  apply (eq_true_false_abs _ (proj2 (existsb_exists _ _) (ex_intro _ h (conj I X))) E).
Qed.

Section Points.
(** All points of the certificate, none of them an upgrade, and flows that are all at some of them. *)
Variable s : state.
Variable D : nat -> Prop.
Variable all : list point.
Hypothesis I : invariant P s.
Hypothesis NoUpgrade : forall p, In p all -> upgrades p = false.
Hypothesis AllAt : forall z, D z -> exists p, In p all /\ atPoint s z p.

(** Flows that wait for each other, all of them at some of [points]. *)
Definition closed (S : nat -> Prop) points :=
  (forall t, S t -> exists p, In p points /\ atPoint s t p) /\
  (forall t, S t -> exists u, S u /\ waitsFor s D t u).

Lemma waits_held t u th thu p q : threads s t = Some th -> threads s u = Some thu ->
  waitsFor s D t u -> atPoint s t p -> atPoint s u q ->
  (exists m, In (fst (want p), m) (may q) /\
     (conflict (snd (want p)) m = true \/ behindWriter s D (instanceOf P (session th) (fst (want p))) (fst (want p)))) /\
  (isSession P (fst (want p)) = true -> session thu = session th).
Proof.
  intros E Eu [th1 [l [m [c [thu1 [m' [E1 [T [Eu1 [[l' [Il Ei]] Cf]]]]]]]]]]
    [th2 [l2 [m2 [c2 [E2 [_ [T2 [C Wr]]]]]]]] [th3 [l3 [m3 [c3 [E3 [_ [_ [C3 _]]]]]]]].
  rewrite E in E1. inversion E1; subst th1. rewrite E in E2. inversion E2; subst th2.
  rewrite Eu in Eu1. inversion Eu1; subst thu1. rewrite Eu in E3. inversion E3; subst th3.
  rewrite T in T2. inversion T2; subst l2 m2 c2.
  pose proof (instance_lock _ _ _ _ Ei). subst l'.
  rewrite (covers_want _ _ _ C). cbn [fst snd]. split.
  - destruct (covers_may _ _ _ _ _ C3 Il Wr) as [m1 [I1 S1]]. exists m1. split; [assumption|].
    destruct Cf as [Cf|Cf]; [left|now right]. destruct m, m', m1; cbn in *; congruence.
  - intros Se. unfold instanceOf in Ei. rewrite Se in Ei. congruence.
Qed.

Lemma want_of t th l m c p : threads s t = Some th -> todo th = Acquire (l, m) :: c -> atPoint s t p -> want p = (l, m).
Proof.
  intros E T [th1 [l1 [m1 [c1 [E1 [_ [T1 [C _]]]]]]]]. rewrite E in E1. inversion E1; subst th1.
  rewrite T in T1. inversion T1; subst. exact (covers_want _ _ _ C).
Qed.

Lemma hold_eqb_refl h : hold_eqb h h = true.
Proof. destruct h as [l m]. unfold hold_eqb. cbn. rewrite Nat.eqb_refl. now destruct m. Qed.

(** Who waits, in the eyes of the checker. *)
Lemma blocks_true e t th u thu v thv pu pv :
  threads s t = Some th -> atPoint s t (who e) -> threads s u = Some thu -> atPoint s u pu ->
  threads s v = Some thv -> atPoint s v pv -> In pv all -> waitsFor s D u v ->
  blocks P all e (session th =? session thv) pv (want pu) = true /\
  (isSession P (fst (want pu)) = true -> session thv = session thu).
Proof.
  intros E At Eu Au Ev Av Ipv Wf. destruct (waits_held _ _ _ _ _ _ Eu Ev Wf Au Av) as [[m [Im Cf]] Se].
  split; [|exact Se]. unfold blocks. apply existsb_exists. exists (fst (want pu), m). split; [assumption|].
  cbn [fst snd]. rewrite Nat.eqb_refl. cbn [andb]. destruct Cf as [Cf|Cf]; [now rewrite Cf|].
  apply orb_true_iff. right. set (l := fst (want pu)) in *.
  destruct Cf as [z [thz [cz [Dz [Ez [Wz [Tz Ei]]]]]]]. destruct (AllAt z Dz) as [pz [Ipz Az]].
  pose proof (want_of _ _ _ _ _ _ Ez Tz Az) as Wpz. unfold writerBeside. apply existsb_exists. exists pz.
  split; [assumption|]. rewrite Wpz, hold_eqb_refl. cbn [andb]. destruct (hold_eqb (want (who e)) (l, W)) eqn:Same; [reflexivity|].
  cbn [orb].
  assert (SeZ : isSession P l = true -> session thz = session thv).
  { intros Sl. rewrite (Se Sl). unfold instanceOf in Ei. rewrite Sl in Ei. congruence. }
  assert (Ntz : t <> z).
  { intros ->. rewrite E in Ez. inversion Ez; subst thz. rewrite (want_of _ _ _ _ _ _ E Tz At), hold_eqb_refl in Same.
    discriminate. }
  assert (Nvz : v <> z).
  { intros ->. rewrite Ev in Ez. inversion Ez; subst thz. pose proof (want_of _ _ _ _ _ _ Ev Tz Av) as Wv.
    assert (U : upgrades pv = true).
    { unfold upgrades. apply existsb_exists. exists (l, m). split; [assumption|]. rewrite Wv. cbn. apply Nat.eqb_refl. }
    rewrite (NoUpgrade _ Ipv) in U. discriminate. }
  pose proof (not_excluded s t z th thz (who e) pz I Ntz E Ez At Az) as X1.
  pose proof (not_excluded s v z thv thz pv pz I Nvz Ev Ez Av Az) as X2.
  apply andb_true_iff. split; apply negb_true_iff.
  - destruct (isSession P l) eqn:Sl; cbn [andb]; [|eapply excludes_less; eauto].
    rewrite (SeZ eq_refl) in X1. destruct (session th =? session thv); [assumption|eapply excludes_less; eauto].
  - destruct (isSession P l) eqn:Sl; [|eapply excludes_less; eauto].
    rewrite (SeZ eq_refl), Nat.eqb_refl in X2. assumption.
Qed.

Inductive after (S : nat -> Prop) (t : nat) : nat -> Prop :=
| AFirst u : S u -> waitsFor s D t u -> after S t u
| ANext u v : after S t u -> S v -> waitsFor s D u v -> after S t v.

Lemma after_in (S : nat -> Prop) t u : after S t u -> S u.
Proof. destruct 1; assumption. Qed.

Lemma wantIn_in e b q : wantIn P e b q = true ->
  In (want q) (if isSession P (fst (want q)) then if b then own e else other e else shared e).
Proof.
  unfold wantIn. intros X. apply existsb_exists in X. destruct X as [h [Ih X]]. apply hold_eqb_eq in X. subst h. exact Ih.
Qed.

(** One step along a wait, from a flow whose lock is among those of [e]. *)
Lemma follow (S : nat -> Prop) e rest t th u thu pu v : incl (who e :: rest) all ->
  eliminates P all e rest = true -> closed S (who e :: rest) ->
  threads s t = Some th -> atPoint s t (who e) ->
  threads s u = Some thu -> atPoint s u pu -> wantIn P e (session th =? session thu) pu = true ->
  S v -> waitsFor s D u v ->
  v <> t /\ exists thv pv, threads s v = Some thv /\ atPoint s v pv /\
    wantIn P e (session th =? session thv) pv = true.
Proof.
  intros Inc El [Cl _] E At Eu Au Wu Sv Wf. unfold eliminates in El. rewrite !andb_true_iff in El.
  destruct El as [[_ NoSelf] All]. apply negb_true_iff in NoSelf. rewrite forallb_forall in All.
  apply wantIn_in in Wu.
  destruct (Cl v Sv) as [pv [Ipv Av]]. pose proof Av as [thv [lv [mv [cv [Ev _]]]]].
  assert (N : v <> t).
  { intros ->. rewrite E in Ev. inversion Ev; subst thv.
    destruct (blocks_true e t th u thu t th pu (who e) E At Eu Au E At (Inc _ (or_introl eq_refl)) Wf) as [B Se].
    rewrite Nat.eqb_refl in B.
    assert (X : existsb (blocks P all e true (who e)) (shared e ++ own e) = true); [|congruence].
    apply existsb_exists. exists (want pu). split; [|assumption]. apply in_or_app.
    destruct (isSession P (fst (want pu))); [right|now left].
    rewrite <- Se, Nat.eqb_refl in Wu by reflexivity. assumption. }
  split; [assumption|]. exists thv, pv. split; [assumption|]. split; [assumption|].
  destruct (blocks_true e t th u thu v thv pu pv E At Eu Au Ev Av (Inc _ Ipv) Wf) as [B Se].
  assert (Ne : excludes P (session th =? session thv) (who e) pv = false).
  { eapply not_excluded with (t := t) (u := v); eauto. }
  specialize (All _ Ipv). apply andb_true_iff in All. destruct All as [FT FF].
  assert (Fo : follows P all e (session th =? session thv) pv = true).
  { now destruct (session th =? session thv). }
  unfold follows in Fo. rewrite Ne in Fo. cbn [orb] in Fo. apply orb_true_iff in Fo.
  destruct Fo as [Fo|Fo]; [exfalso|assumption]. apply negb_true_iff in Fo.
  assert (X : existsb (blocks P all e (session th =? session thv) pv)
    (shared e ++ (if session th =? session thv then own e else other e)) = true); [|congruence].
  apply existsb_exists. exists (want pu). split; [|assumption]. apply in_or_app.
  destruct (isSession P (fst (want pu))); [right|now left]. rewrite Se by reflexivity. assumption.
Qed.

Lemma never_again (S : nat -> Prop) e rest t th : incl (who e :: rest) all ->
  eliminates P all e rest = true -> closed S (who e :: rest) ->
  threads s t = Some th -> atPoint s t (who e) ->
  forall u, after S t u ->
  u <> t /\ exists thu pu, threads s u = Some thu /\ atPoint s u pu /\
    wantIn P e (session th =? session thu) pu = true.
Proof.
  intros Inc El Cl E At u Af. induction Af as [u Su Wf|u v Af IH Sv Wf].
  - eapply follow with (u := t); eauto. rewrite Nat.eqb_refl. unfold eliminates in El.
    rewrite !andb_true_iff in El. tauto.
  - destruct IH as [_ [thu [pu [Eu [Au Wu]]]]]. eapply follow with (u := u); eauto.
Qed.

Lemma removed (t : nat) : forall l, In t l -> length (remove Nat.eq_dec t l) < length l.
Proof. intros. now apply remove_length_lt. Qed.

Lemma rising_ends (S : nat -> Prop) order points : forallb (rises order) points = true ->
  closed S points -> forall k t p, S t -> In p points -> atPoint s t p ->
  (forall q, In q points -> order (fst (want q)) < order (fst (want p)) + k) -> False.
Proof.
  intros Ri [Cl Nx]. rewrite forallb_forall in Ri.
  induction k as [|k IH]; intros t p St Ip At Bound.
  - specialize (Bound p Ip). lia.
  - destruct (Nx t St) as [u [Su Wf]]. destruct (Cl u Su) as [q [Iq Aq]].
    pose proof At as [th [_ [_ [_ [E _]]]]]. pose proof Aq as [thu [_ [_ [_ [Eu _]]]]].
    destruct (waits_held _ _ _ _ _ _ E Eu Wf At Aq) as [[m [M _]] _].
    specialize (Ri q Iq). unfold rises in Ri. rewrite forallb_forall in Ri. specialize (Ri _ M). cbn [fst] in Ri.
    apply Nat.ltb_lt in Ri. eapply (IH u q); eauto. intros r Ir. specialize (Bound r Ir). lia.
Qed.

Lemma bounded (f : point -> nat) : forall l, exists b, forall x, In x l -> f x < b.
Proof.
  induction l as [|x l [b B]]; [exists 0; intros x []|]. exists (S (f x + b)).
  intros y [->|Iy]; [lia|]. specialize (B y Iy). lia.
Qed.

Lemma steps_sound order left : forallb (rises order) left = true ->
  forall es, checkSteps P all es left = true -> incl (map who es ++ left) all ->
  forall n l (S : nat -> Prop), length l <= n -> (forall t, S t -> In t l) -> (exists t, S t) ->
  closed S (map who es ++ left) -> False.
Proof.
  intros Ri. induction es as [|e es IHes]; intros Ck Inc.
  - intros n l S _ _ [t St] Cl. cbn in Cl. destruct (proj1 Cl t St) as [p [Ip At]].
    destruct (bounded (fun q => order (fst (want q))) left) as [b B].
    eapply (rising_ends S order left Ri Cl b); eauto. intros q Iq. specialize (B q Iq). lia.
  - cbn in Ck. apply andb_true_iff in Ck. destruct Ck as [El Ck].
    assert (IncE : incl (map who es ++ left) all) by (intros p Ip; apply Inc; now right).
    specialize (IHes Ck IncE).
    induction n as [|n IHn]; intros l S Ln Sl Ex Cl.
    + destruct Ex as [t St]. specialize (Sl t St). destruct l; cbn in *; [contradiction|lia].
    + assert (No : forall t, S t -> ~ atPoint s t (who e)).
      { intros t St At. pose proof At as [th [_ [_ [_ [E _]]]]].
        pose proof (never_again S e _ t th Inc El Cl E At) as NA.
        apply (IHn (remove Nat.eq_dec t l) (after S t)).
        - pose proof (removed t l (Sl t St)). lia.
        - intros u Af. apply in_in_remove; [now apply NA|]. apply Sl. eapply after_in; eauto.
        - destruct (proj2 Cl t St) as [u [Su Wf]]. exists u. now apply AFirst.
        - split.
          + intros u Af. apply (proj1 Cl). eapply after_in; eauto.
          + intros u Af. destruct (proj2 Cl u (after_in _ _ _ Af)) as [v [Sv Wf]].
            exists v. split; [|assumption]. eapply ANext; eauto. }
      eapply (IHes (length l) l S); eauto. split; [|apply Cl].
      intros t St. destruct (proj1 Cl t St) as [p [[<-|Ip] At]]; [|eauto].
      exfalso. eapply No; eauto.
Qed.
End Points.

(** What a certificate needs: its points cover every place, and its steps end with nothing. *)
Theorem cover_sound : forall es left order,
  (forall x, In x (places P) -> memb (fst (snd x)) (written P) = true ->
     exists p, In p (map who es ++ left) /\ covers (written P) p x = true) ->
  forallb (fun p => negb (upgrades p)) (map who es ++ left) = true ->
  checkSteps P (map who es ++ left) es left = true -> forallb (rises order) left = true ->
  forall s, reachable P s -> ~ deadlock P s.
Proof.
  intros es left order Cov Up Steps Ri s Re [D De]. pose proof (invariant_reachable P s Re) as I.
  assert (Hold : forall t, In t D -> exists th l m c u thu m', threads s t = Some th /\ waiting th = true /\
    todo th = Acquire (l, m) :: c /\ In u D /\ threads s u = Some thu /\
    holdsInstance P thu (instanceOf P (session th) l) m' /\ memb l (written P) = true /\
    (conflict m m' = true \/ behindWriter s (fun z => In z D) (instanceOf P (session th) l) l)).
  { intros t It. destruct (proj2 De t It) as [_ [_ [th [l [m [c0 [E [Wt [T _]]]]]]]]].
    destruct (i_wait _ _ I _ _ E Wt) as [l1 [m1 [c1 [T1 [_ Q]]]]]. rewrite T in T1. inversion T1; subst l1 m1 c1.
    apply in_split in Q. destruct Q as [a [d Q]].
    destruct (blocked_by_holder s D I De (length a) t th l m c0 a d It E Wt T Q (le_n _))
      as [u [thu [m' [Iu [Eu [Hu [Wr Cf]]]]]]].
    exists th, l, m, c0, u, thu, m'. auto 10. }
  assert (At : forall t, In t D -> exists p, In p (map who es ++ left) /\ atPoint s t p).
  { intros t It. destruct (Hold t It) as [th [l [m [c0 [_ [_ [_ [E [Wt [T [_ [_ [_ [Wr _]]]]]]]]]]]]]].
    pose proof (place_of s t th l m c0 I E Wt T) as Pl. destruct (Cov _ Pl Wr) as [p [Ip Cp]].
    exists p. split; [assumption|]. exists th, l, m, c0. auto. }
  eapply (steps_sound s (fun z => In z D) (map who es ++ left) I) with (l := D) (S := fun t => In t D); eauto.
  - intros p Ip. rewrite forallb_forall in Up. specialize (Up p Ip). now apply negb_true_iff in Up.
  - intros p Ip. exact Ip.
  - destruct D as [|t D]; [now destruct De|]. exists t. now left.
  - split; [exact At|].
    intros t It. destruct (Hold t It) as [th [l [m [c0 [u [thu [m' [E [Wt [T [Iu [Eu [Hu [Wr Cf]]]]]]]]]]]]]].
    exists u. split; [assumption|]. exists th, l, m, c0, thu, m'. auto 10.
Qed.

(** The theorem: what the checker accepts never deadlocks. *)
Theorem check_sound : forall c, check P c = true -> forall s, reachable P s -> ~ deadlock P s.
Proof.
  intros c Ck. unfold check in Ck. rewrite !andb_true_iff in Ck. destruct Ck as [[[Cov Up] Steps] Ri].
  rewrite forallb_forall in Cov. eapply cover_sound; eauto.
  intros x Ix Wr. specialize (Cov x Ix). apply orb_true_iff in Cov. destruct Cov as [X|X].
  - apply negb_true_iff in X. exfalso. exact (eq_true_false_abs _ Wr X).
  - now apply existsb_exists in X.
Qed.
End WithProgram.
