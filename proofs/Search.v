(** The exact search: flows at places can deadlock where, and only where, there is a circle in which each lock (of a
    session) is waited for once, and beside it at most one writer for each lock that readers of the circle want.

    So a search need not let two flows of a circle wait for one lock. Nor need it tell many sessions apart: those of one
    run of waits for locks of sessions are one, and each lock of the program that is waited for begins at most one run, and
    brings at most one writer. What is open: that the search of verify-deadlock-free, which is C++, visits all such circles
    is tested against brute force, not proved; and whether flows come to the places of a circle all at once depends on
    what nodes do, of which nothing is known here. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Sound Circle.

Section WithProgram.
Variable P : program.

Definition modeOf (x : stand) : mode := snd (snd (fst x)).
Definition wantsToo (x z : stand) : Prop := wants P z = wants P x.

(** [y] keeps [x] from its lock, if those who stand at [C] wait in the order that is worst: it holds the lock in a
    conflicting mode, or both read and a writer of [C] has come before. *)
Definition keeps (C : list stand) (x y : stand) : Prop := exists l m,
  In (l, m) (fst (fst y)) /\ instanceOf P (snd y) l = wants P x /\
  (conflict (modeOf x) m = true \/ exists z, In z C /\ wantsToo x z /\ modeOf z = W).

Fixpoint links (C c : list stand) (b : stand) : Prop :=
  match c with [] => True | x :: rest => keeps C x (hd b rest) /\ links C rest b end.

Record exact (c ws : list stand) : Prop := {
  e_some : c <> [];
  e_places : forall x, In x (c ++ ws) -> In (fst x) (places P);
  e_links : forall d, links (c ++ ws) c (hd d c);
  e_once : NoDup (map (wants P) c);
  e_writers : NoDup (map (wants P) ws) /\
    forall z, In z ws -> modeOf z = W /\ exists x, In x c /\ modeOf x = R /\ wantsToo x z;
  e_together : forall x y, In x (c ++ ws) -> In y (c ++ ws) -> x <> y -> together P x y
}.

(** * Where there is a deadlock there is such a circle. *)
Definition writerFor (i : instance) (z : stand) : bool := instance_eqb (wants P z) i && mode_eqb (modeOf z) W.
Definition writers (all c : list stand) : list stand :=
  flat_map (fun x => match modeOf x with
                     | W => []
                     | R => match find (writerFor (wants P x)) all with Some z => [z] | None => [] end
                     end) c.

Lemma mode_eqb_eq a b : mode_eqb a b = true <-> a = b.
Proof. destruct a, b; cbn; split; congruence. Qed.

Lemma writerFor_true i z : writerFor i z = true <-> wants P z = i /\ modeOf z = W.
Proof. unfold writerFor. now rewrite andb_true_iff, instance_eqb_eq, mode_eqb_eq. Qed.

Lemma in_writers all c z : In z (writers all c) ->
  In z all /\ modeOf z = W /\ exists x, In x c /\ modeOf x = R /\ wantsToo x z.
Proof.
  unfold writers. rewrite in_flat_map. intros [x [Ix I]]. destruct (modeOf x) eqn:Mx; [|destruct I].
  destruct (find (writerFor (wants P x)) all) as [z'|] eqn:F; [|destruct I]. destruct I as [<-|[]].
  apply find_some in F. destruct F as [Iz F]. apply writerFor_true in F. destruct F. eauto 8.
Qed.

Lemma writer_found all c x z : In x c -> modeOf x = R -> In z all -> wantsToo x z -> modeOf z = W ->
  exists z', In z' (writers all c) /\ wantsToo x z' /\ modeOf z' = W.
Proof.
  intros Ix Mx Iz Wz Mz. destruct (find (writerFor (wants P x)) all) as [z'|] eqn:F.
  - exists z'. pose proof (find_some _ _ F) as [Iz' Fz]. apply writerFor_true in Fz. destruct Fz. repeat split; auto.
    unfold writers. apply in_flat_map. exists x. split; [assumption|]. rewrite Mx, F. now left.
  - exfalso. pose proof (find_none _ _ F z Iz) as X. assert (Y : writerFor (wants P x) z = true); [|congruence].
    apply writerFor_true. auto.
Qed.

Lemma writers_once all : forall c, NoDup (map (wants P) c) -> NoDup (map (wants P) (writers all c)).
Proof.
  induction c as [|x c IH]; intros N; [constructor|]. cbn [map] in N. inversion N as [|? ? Nx N']; subst.
  specialize (IH N'). cbn [writers flat_map]. fold (writers all c). destruct (modeOf x); [|assumption].
  destruct (find (writerFor (wants P x)) all) as [z|] eqn:F; [|assumption]. cbn [app map]. constructor; [|assumption].
  apply find_some in F. destruct F as [_ F]. apply writerFor_true in F. destruct F as [-> _].
  intros I. apply Nx. apply in_map_iff in I. destruct I as [z' [E I]]. apply in_writers in I.
  destruct I as [_ [_ [y [Iy [_ Wy]]]]]. apply in_map_iff. exists y. split; [|assumption]. unfold wantsToo in Wy. congruence.
Qed.

(** In states that keep to the invariant: flows hold what does not conflict, and wait at places of the program. *)
Theorem deadlock_exact s : invariant P s -> deadlock P s -> exists c ws, exact c ws.
Proof.
  intros I [D De].
  assert (Hold : forall t, In t D -> exists th l m c u thu m', threads s t = Some th /\ waiting th = true /\
    todo th = Acquire (l, m) :: c /\ In u D /\ threads s u = Some thu /\
    holdsInstance P thu (instanceOf P (session th) l) m' /\
    (conflict m m' = true \/ behindWriter P s (fun z => In z D) (instanceOf P (session th) l) l)).
  { intros t It. destruct (proj2 De t It) as [_ [_ [th [l [m [c0 [E [Wt [T _]]]]]]]]].
    destruct (i_wait _ _ I _ _ E Wt) as [l1 [m1 [c1 [T1 [_ Q]]]]]. rewrite T in T1. inversion T1; subst l1 m1 c1.
    apply in_split in Q. destruct Q as [a [d Q]].
    destruct (blocked_by_holder P s D I De (length a) t th l m c0 a d It E Wt T Q (le_n _))
      as [u [thu [m' [Iu [Eu [Hu [_ Cf]]]]]]].
    exists th, l, m, c0, u, thu, m'. auto 10. }
  set (all := map (standOf s) D).
  set (R0 := fun t u => In t D /\ keeps all (standOf s t) (standOf s u)).
  assert (Total : forall t, In t D -> exists u, In u D /\ R0 t u).
  { intros t It. destruct (Hold t It) as [th [l [m [c0 [u [thu [m' [E [Wt [T [Iu [Eu [[l' [Il Ei]] Cf]]]]]]]]]]]]].
    exists u. split; [assumption|]. split; [assumption|].
    destruct (Hold u Iu) as [th2 [l2 [m2 [c2 [_ [_ [_ [E2 [_ [T2 _]]]]]]]]]].
    rewrite Eu in E2. inversion E2; subst th2. unfold keeps, wants, modeOf.
    rewrite (standOf_waiting _ _ _ _ _ _ E T), (standOf_waiting _ _ _ _ _ _ Eu T2). cbn.
    exists l', m'. split; [assumption|]. split; [assumption|]. destruct Cf as [Cf|[z [thz [cz [Dz [Ez [Wz [Tz Eiz]]]]]]]]; [now left|].
    right. exists (standOf s z). split; [now apply in_map|]. unfold wantsToo, wants, modeOf.
    rewrite (standOf_waiting _ _ _ _ _ _ Ez Tz). cbn. auto. }
  destruct (some_circle R0 D (proj1 De) Total) as [l0 [N0 [Inc0 W0]]].
  destruct (shortest R0 instance_dec (fun t => wants P (standOf s t)) D) with (n := length l0) (l := l0)
    as [l [N [Inc [Wl Nd]]]]; auto.
  { intros y z u Iy E [Iz [a [m [Ia [Ei Cf]]]]]. split; [assumption|]. exists a, m. split; [assumption|].
    split; [congruence|]. destruct Cf as [Cf|[w [Iw [Ww Mw]]]].
    - destruct (modeOf (standOf s z)) eqn:Mz.
      + left. destruct m; [discriminate|]. now destruct (modeOf (standOf s y)).
      + right. exists (standOf s z). split; [now apply in_map|]. split; [exact (eq_sym E)|exact Mz].
    - right. exists w. split; [assumption|]. unfold wantsToo in *. split; congruence. }
  set (c := map (standOf s) l).
  assert (IncC : incl (c ++ writers all c) all).
  { intros x Ix. apply in_app_or in Ix. destruct Ix as [Ix|Ix].
    - unfold c in Ix. apply in_map_iff in Ix. destruct Ix as [t [<- It]]. apply in_map. auto.
    - now apply in_writers in Ix. }
  exists c, (writers all c). constructor.
  - unfold c. destruct l; [contradiction|discriminate].
  - intros x Ix. apply IncC in Ix. apply in_map_iff in Ix. destruct Ix as [t [<- It]].
    destruct (Hold t It) as [th [l1 [m [c0 [_ [_ [_ [E [Wt [T _]]]]]]]]]].
    rewrite (standOf_waiting _ _ _ _ _ _ E T). cbn. eapply place_of; eauto.
  - intros d. replace (hd d c) with (standOf s (hd 0 l)) by (unfold c; destruct l; [contradiction|reflexivity]).
    assert (Step : forall t u, In t l -> R0 t u -> keeps (c ++ writers all c) (standOf s t) (standOf s u)).
    { intros t u It [_ [a [m [Ia [Ei Cf]]]]]. exists a, m. split; [assumption|]. split; [assumption|].
      destruct Cf as [Cf|[z [Iz [Wz Mz]]]]; [now left|]. destruct (modeOf (standOf s t)) eqn:Mt; [|now left].
      destruct (writer_found all c (standOf s t) z) as [z' [Iz' X]]; auto.
      { unfold c. now apply in_map. }
      right. exists z'. split; [|assumption]. apply in_or_app. now right. }
    assert (Sub : forall k b, incl k l -> walk R0 k b -> links (c ++ writers all c) (map (standOf s) k) (standOf s b)).
    { induction k as [|x k IH]; intros b Ik; cbn [walk links map]; [auto|]. intros [A B]. split.
      - replace (hd (standOf s b) (map (standOf s) k)) with (standOf s (hd b k)) by now destruct k.
        apply Step; [|assumption]. apply Ik. now left.
      - apply IH; [|assumption]. intros y Iy. apply Ik. now right. }
    apply Sub; [|assumption]. intros x Ix. exact Ix.
  - unfold c. rewrite map_map. exact Nd.
  - split.
    + apply writers_once. unfold c. rewrite map_map. exact Nd.
    + intros z Iz. apply in_writers in Iz. tauto.
  - intros x y Ix Iy Nxy. apply IncC in Ix, Iy. apply in_map_iff in Ix, Iy. destruct Ix as [t [<- It]], Iy as [u [<- Iu]].
    destruct (Hold t It) as [th [l1 [m [c0 [_ [_ [_ [E [_ [T _]]]]]]]]]].
    destruct (Hold u Iu) as [thu [l2 [m2 [c2 [_ [_ [_ [Eu [_ [Tu _]]]]]]]]]].
    assert (Ntu : t <> u) by (intros ->; contradiction).
    rewrite (standOf_waiting _ _ _ _ _ _ E T), (standOf_waiting _ _ _ _ _ _ Eu Tu). intros a ma b mb Ia Ib Ei. cbn in *.
    eapply (i_excl _ _ I t u th thu (instanceOf P (session th) a)); eauto.
    + exists a. auto.
    + exists b. auto.
Qed.

(** * Each such circle is a deadlock of flows at these places. *)
Lemma place_wants H h : In (H, h) (places P) -> holdsAlready H h = false.
Proof.
  assert (One : forall H0 h0, In (H, h) (placesOf H0 h0) -> holdsAlready H h = false).
  { intros H0 h0. unfold placesOf. destruct (holdsAlready H0 h0) eqn:A; intros I; [destruct I|]. destruct I as [I|[]].
    inversion I; subst. exact A. }
  assert (Acq : forall hs H0, In (H, h) (acquirePlaces H0 hs) -> holdsAlready H h = false).
  { induction hs as [|x hs IH]; intros H0 I; [destruct I|]. cbn in I. apply in_app_or in I. destruct I; eauto. }
  assert (Prog : forall p stack H0, In (H, h) (progPlaces P stack H0 p) -> holdsAlready H h = false).
  { assert (Handler : forall taken, In (H, h) (handlerPlaces P taken) -> holdsAlready H h = false).
    { intros [k|] I; cbn in I; [eauto|destruct I]. }
    induction p; intros stack H0 I; cbn in I; try contradiction; try (apply in_app_or in I; destruct I); eauto. }
  intros I. unfold places in I. apply in_app_or in I. destruct I as [I|I]; apply in_flat_map in I;
    destruct I as [x [_ I]]; eauto.
Qed.

Lemma stand_dec (x y : stand) : {x = y} + {x <> y}.
Proof. repeat (decide equality; try apply Nat.eq_dec). Qed.

Lemma links_next C : forall c b x, links C c b -> In x c -> exists y, (In y c \/ y = b) /\ keeps C x y.
Proof.
  induction c as [|z c IH]; intros b x L I; [destruct I|]. destruct L as [K L]. destruct I as [<-|I].
  - exists (hd b c). split; [|assumption]. destruct c; cbn; auto.
  - destruct (IH b x L I) as [y [[Iy|Ey] Ky]]; exists y; (split; [|assumption]); auto. left. now right.
Qed.

Lemma keeps_next c ws : exact c ws -> forall x, In x c -> exists y, In y c /\ keeps (c ++ ws) x y.
Proof.
  intros E x Ix. destruct c as [|z c]; [destruct Ix|]. pose proof (e_links _ _ E z) as L. cbn [hd] in L.
  destruct (links_next _ _ _ _ L Ix) as [y [[Iy|Ey] K]]; [eauto|]. subst y. exists z. split; [now left|exact K].
Qed.

Section Realize.
(** Flows at different places or in different sessions: all of them wait, writers
    before readers. *)
Variable ps : list stand.

Definition threadAt (p : stand) : thread :=
  {| session := snd p; held := fst (fst p); todo := [Acquire (snd (fst p))]; waiting := true |}.
Definition waitsAs (m : mode) (i : instance) (t : nat) : bool :=
  match nth_error ps t with
  | Some p => instance_eqb (wants P p) i && mode_eqb (modeOf p) m
  | None => false
  end.
Definition line (m : mode) (i : instance) : list (nat * mode) :=
  map (fun t => (t, m)) (filter (waitsAs m i) (seq 0 (length ps))).
Definition realized : state :=
  {| threads := fun t => option_map threadAt (nth_error ps t); queue := fun i => line W i ++ line R i |}.

Lemma in_line t m' m i : In (t, m') (line m i) <->
  m' = m /\ exists p, nth_error ps t = Some p /\ wants P p = i /\ modeOf p = m.
Proof.
  unfold line. rewrite in_map_iff. split.
  - intros [u [E I]]. inversion E; subst. split; [reflexivity|]. apply filter_In in I. destruct I as [_ I]. unfold waitsAs in I.
    destruct (nth_error ps t) as [p|]; [|discriminate]. apply andb_true_iff in I. destruct I as [I1 I2].
    apply instance_eqb_eq in I1. apply mode_eqb_eq in I2. eauto.
  - intros [-> [p [E [Wp Mp]]]]. exists t. split; [reflexivity|]. apply filter_In. split.
    + apply in_seq. assert (t < length ps) by (apply nth_error_Some; congruence). lia.
    + unfold waitsAs. rewrite E. apply andb_true_iff. split; [now apply instance_eqb_eq|now apply mode_eqb_eq].
Qed.

Lemma nodup_app {A} (a b : list A) : NoDup a -> NoDup b -> (forall x, In x a -> ~ In x b) -> NoDup (a ++ b).
Proof.
  intros Na Nb Dis. induction Na as [|x a Nx Na IH]; [assumption|]. cbn. constructor.
  - intros I. apply in_app_or in I. destruct I as [I|I]; [contradiction|]. apply (Dis x); [now left|assumption].
  - apply IH. intros y Iy. apply Dis. now right.
Qed.

Hypothesis Differ : NoDup ps.
Hypothesis Places : forall p, In p ps -> In (fst p) (places P).
Hypothesis Together : forall p q, In p ps -> In q ps -> p <> q -> together P p q.

Lemma threadAt_of t th : threads realized t = Some th -> exists p, nth_error ps t = Some p /\ In p ps /\ th = threadAt p.
Proof.
  cbn. destruct (nth_error ps t) as [p|] eqn:E; cbn; [|discriminate]. intros X. inversion X; subst. exists p.
  split; [reflexivity|]. split; [|reflexivity]. eapply nth_error_In; eauto.
Qed.

Lemma differ t u p q : nth_error ps t = Some p -> nth_error ps u = Some q -> t <> u -> p <> q.
Proof.
  intros E Eu N X. apply N. eapply (proj1 (NoDup_nth_error ps)); [exact Differ| |].
  - apply nth_error_Some. congruence.
  - now rewrite E, Eu, X.
Qed.

Lemma realized_invariant : invariant P realized.
Proof.
  constructor.
  - intros t th E. apply threadAt_of in E. destruct E as [p [_ [Ip ->]]]. cbn. rewrite app_nil_r. unfold placesOf.
    destruct (holdsAlready _ _); [intros x []|]. intros x [<-|[]]. pose proof (Places p Ip) as X.
    now destruct (fst p).
  - intros t u th thu i m m' E Eu N [l [Il El]] [l' [Il' El']]. apply threadAt_of in E, Eu.
    destruct E as [p [Np [Ip ->]]], Eu as [q [Nq [Iq ->]]].
    apply (Together p q Ip Iq (differ t u p q Np Nq N) l m l' m' Il Il'). cbn in El, El'. congruence.
  - intros u m i I. cbn in I. apply in_app_or in I.
    assert (X : exists p, nth_error ps u = Some p /\ wants P p = i /\ modeOf p = m).
    { destruct I as [I|I]; apply in_line in I; destruct I as [-> I]; exact I. }
    destruct X as [p [E [Wp Mp]]]. exists (threadAt p), (fst (snd (fst p))), []. cbn. rewrite E. cbn.
    split; [reflexivity|]. split; [reflexivity|]. split; [|exact Wp]. unfold modeOf in Mp. rewrite <- Mp.
    now destruct (snd (fst p)).
  - intros t th E _. apply threadAt_of in E. destruct E as [p [Np [Ip ->]]].
    destruct p as [[H [l m]] n]. exists l, m, []. split; [reflexivity|]. split.
    + change (holdsAlready H (l, m) = false). apply place_wants. exact (Places _ Ip).
    + apply in_or_app. destruct m; [right|left]; apply in_line; (split; [reflexivity|]); eexists; repeat split; eauto.
  - intros i. cbn. rewrite map_app. unfold line. rewrite !map_map. cbn. rewrite !map_id.
    apply nodup_app; try apply NoDup_filter, seq_NoDup. intros t I J. apply filter_In in I, J.
    destruct I as [_ I], J as [_ J]. unfold waitsAs in I, J. destruct (nth_error ps t); [|discriminate].
    apply andb_true_iff in I, J. destruct I as [_ I], J as [_ J]. apply mode_eqb_eq in I, J. congruence.
Qed.
End Realize.

Theorem exact_deadlock c ws : exact c ws -> exists s, invariant P s /\ deadlock P s.
Proof.
  intros E. set (C := nodup stand_dec (c ++ ws)).
  assert (InC : forall x, In x C <-> In x (c ++ ws)) by (intros x; apply nodup_In).
  assert (At : forall x, In x (c ++ ws) -> exists t, nth_error C t = Some x /\ t < length C).
  { intros x Ix. apply InC in Ix. apply In_nth_error in Ix. destruct Ix as [t Et]. exists t. split; [assumption|].
    apply nth_error_Some. congruence. }
  assert (From : forall t p, nth_error C t = Some p -> In p (c ++ ws)).
  { intros t p Et. apply InC. eapply nth_error_In; eauto. }
  exists (realized C). split.
  - apply realized_invariant.
    + apply NoDup_nodup.
    + intros p Ip. apply (e_places _ _ E). now apply InC.
    + intros p q Ip Iq N. apply (e_together _ _ E); [| |exact N]; now apply InC.
  - exists (seq 0 (length C)). split.
    + destruct c as [|x c]; [now destruct (e_some _ _ E)|]. destruct (At x) as [t [_ L]]; [now left|].
      clearbody C. destruct C; cbn in L; [lia|discriminate].
    + intros t It. apply in_seq in It. destruct (nth_error C t) as [p|] eqn:Et; [|apply nth_error_None in Et; lia].
      pose proof (From t p Et) as Ix.
      assert (K : exists y, In y (c ++ ws) /\ keeps (c ++ ws) p y).
      { apply in_app_or in Ix. destruct Ix as [Ix|Ix].
        - destruct (keeps_next _ _ E _ Ix) as [y [Iy Ky]]. exists y. split; [|exact Ky]. apply in_or_app. now left.
        - destruct (proj2 (e_writers _ _ E) _ Ix) as [Mz [x [Ixc [_ Wz]]]].
          destruct (keeps_next _ _ E _ Ixc) as [y [Iy [l [m [Il [El _]]]]]]. exists y. split; [apply in_or_app; now left|].
          exists l, m. split; [assumption|]. split; [unfold wantsToo in Wz; congruence|]. left. now rewrite Mz. }
      destruct K as [y [Iy [l [m [Il [El Cf]]]]]].
      destruct p as [[H [lp mp]] n]. cbn [fst snd] in *.
      destruct Cf as [Cf|[z [Iz [Wz Mz]]]].
      * destruct (At y Iy) as [u [Eu Lu]]. exists u. split; [apply in_seq; lia|].
        exists (threadAt ((H, (lp, mp)), n)), lp, mp, []. cbn [realized threads]. rewrite Et. split; [reflexivity|].
        split; [reflexivity|]. split; [reflexivity|]. left. exists (threadAt y), m. rewrite Eu. split; [reflexivity|].
        split; [|exact Cf]. exists l. split; [exact Il|]. exact El.
      * destruct mp.
        -- destruct (At z Iz) as [u [Eu Lu]]. exists u. split; [apply in_seq; lia|].
           exists (threadAt ((H, (lp, R)), n)), lp, R, []. cbn [realized threads]. rewrite Et. split; [reflexivity|].
           split; [reflexivity|]. split; [reflexivity|]. right.
           assert (Iw : In (u, W) (line C W (instanceOf P n lp))).
           { apply in_line. split; [reflexivity|]. exists z. split; [exact Eu|]. split; [exact Wz|exact Mz]. }
           assert (Ir : In (t, R) (line C R (instanceOf P n lp))).
           { apply in_line. split; [reflexivity|]. eexists. split; [exact Et|]. split; reflexivity. }
           apply in_split in Iw, Ir. destruct Iw as [a [b Ew]], Ir as [b' [d Er]].
           exists a, (b ++ b'), d, W.
           change (line C W (instanceOf P n lp) ++ line C R (instanceOf P n lp) = a ++ (u, W) :: (b ++ b') ++ (t, R) :: d).
           rewrite Ew, Er. rewrite <- !app_assoc. reflexivity.
        -- destruct (At y Iy) as [u [Eu Lu]]. exists u. split; [apply in_seq; lia|].
           exists (threadAt ((H, (lp, W)), n)), lp, W, []. cbn [realized threads]. rewrite Et. split; [reflexivity|].
           split; [reflexivity|]. split; [reflexivity|]. left. exists (threadAt y), m. rewrite Eu. split; [reflexivity|].
           split; [|reflexivity]. exists l. split; [exact Il|]. exact El.
Qed.

(** Exactly: for flows of which nothing is known but the places at which they wait. *)
Corollary exact_criterion : (exists s, invariant P s /\ deadlock P s) <-> (exists c ws, exact c ws).
Proof.
  split.
  - intros [s [I De]]. now apply deadlock_exact with s.
  - intros [c [ws E]]. now apply exact_deadlock with c ws.
Qed.

(** In particular, where there is no circle there is no deadlock. *)
Corollary no_exact_circle : (forall c ws, ~ exact c ws) -> forall s, reachable P s -> ~ deadlock P s.
Proof.
  intros N s Re De. destruct (deadlock_exact s (invariant_reachable P s Re) De) as [c [ws E]]. exact (N c ws E).
Qed.
(** * Few sessions are enough. *)
Lemma exact_written c ws : exact c ws -> forall x, In x (c ++ ws) -> memb (wanted x) (written P) = true.
Proof.
  intros E x Ix. pose proof (e_places _ _ E x Ix) as Px.
  assert (Own : forall z, In z (c ++ ws) -> modeOf z = W -> memb (wanted z) (written P) = true).
  { intros [[H [l m]] n] Iz Mz. cbn in Mz. subst m. eapply written_want. exact (e_places _ _ E _ Iz). }
  destruct (modeOf x) eqn:Mx; [|auto]. apply in_app_or in Ix. destruct Ix as [Ix|Ix].
  - destruct (keeps_next _ _ E x Ix) as [y [Iy [l [m [Il [El Cf]]]]]]. destruct Cf as [Cf|[z [Iz [Wz Mz]]]].
    + rewrite Mx in Cf. destruct m; [discriminate|]. pose proof (instance_lock _ _ _ _ _ El) as L. unfold wanted.
      rewrite <- L. destruct y as [[H h] n]. eapply written_held; [|exact Il].
      exact (e_places _ _ E ((H, h), n) (in_or_app c ws _ (or_introl Iy))).
    + pose proof (instance_lock _ _ _ _ _ Wz) as L. unfold wanted. rewrite <- L. exact (Own z Iz Mz).
  - destruct (proj2 (e_writers _ _ E) x Ix) as [Mz _]. congruence.
Qed.

Definition programLocks : nat := length (nodup Nat.eq_dec (filter (ofProgram P) (written P))).

Lemma program_once c : (forall x, In x c -> memb (wanted x) (written P) = true) -> NoDup (map (wants P) c) ->
  length (programEdges P c) <= programLocks.
Proof.
  intros Wr Once.
  assert (Nd : NoDup (map wanted (programEdges P c))).
  { clear Wr. unfold programEdges. induction c as [|x c IH]; [constructor|]. cbn [filter].
    cbn [map] in Once. inversion Once as [|? ? N Once']; subst. specialize (IH Once').
    destruct (ofProgram P (wanted x)) eqn:Sc; [|assumption]. cbn [map]. constructor; [|assumption].
    intros I. apply N. apply in_map_iff in I. destruct I as [y [E I]]. apply filter_In in I. destruct I as [I _].
    apply in_map_iff. exists y. split; [|assumption]. unfold wants, instanceOf. fold (wanted x). fold (wanted y).
    rewrite E. unfold ofProgram in Sc. apply negb_true_iff in Sc. now rewrite Sc. }
  rewrite <- (map_length wanted). apply NoDup_incl_length; [assumption|].
  intros l I. apply in_map_iff in I. destruct I as [x [<- I]]. apply filter_In in I. destruct I as [I Sx].
  apply nodup_In, filter_In. split; [|assumption]. apply memb_in. auto.
Qed.

(** Who comes next after those who want a lock of the program. *)
Fixpoint targets (c : list stand) (b : stand) : list stand :=
  match c with [] => [] | x :: rest => (if ofProgram P (wanted x) then [hd b rest] else []) ++ targets rest b end.

Lemma targets_length c b : length (targets c b) = length (programEdges P c).
Proof.
  unfold programEdges. induction c as [|x c IH]; [reflexivity|]. cbn [targets filter]. rewrite app_length, IH.
  destruct (ofProgram P (wanted x)); reflexivity.
Qed.

Lemma same_session (x z : stand) : ofProgram P (wanted x) = false ->
  forall l, instanceOf P (snd z) l = wants P x -> snd z = snd x.
Proof.
  unfold ofProgram. intros Sc l E. apply negb_false_iff in Sc. pose proof (instance_lock _ _ _ _ _ E). subst l.
  unfold wants, instanceOf in E. fold (wanted x) in E. rewrite Sc in E. congruence.
Qed.

Lemma links_sessions C : forall c b, links C c b -> forall x, In x c ->
  snd x = snd (hd b c) \/ In (snd x) (map snd (targets c b)).
Proof.
  induction c as [|z c IH]; intros b L x I; [destruct I|]. destruct L as [K L]. destruct I as [<-|I]; [now left|].
  cbn [targets hd]. rewrite map_app, in_app_iff. destruct (IH b L x I) as [Ex|Ix]; [|auto].
  destruct (ofProgram P (wanted z)) eqn:Sc.
  - right. left. cbn. now left.
  - left. rewrite Ex. destruct K as [l [m [_ [El _]]]]. eapply same_session; eauto.
Qed.

Definition sessionsOf (c ws : list stand) : list nat := nodup Nat.eq_dec (map snd (c ++ ws)).

Lemma few_sessions c ws : exact c ws -> length (sessionsOf c ws) <= 1 + 2 * programLocks.
Proof.
  intros E. destruct c as [|x0 c0] eqn:Ec; [now destruct (e_some _ _ E)|]. rewrite <- Ec in *.
  pose proof (exact_written _ _ E) as Wr.
  assert (Lc : length (programEdges P c) <= programLocks).
  { apply program_once; [|apply E]. intros x Ix. apply Wr. apply in_or_app. now left. }
  assert (Lw : length (programEdges P ws) <= programLocks).
  { apply program_once; [|apply (e_writers _ _ E)]. intros x Ix. apply Wr. apply in_or_app. now right. }
  assert (Sc : forall x, In x c -> snd x = snd x0 \/ In (snd x) (map snd (targets c x0))).
  { intros x Ix. pose proof (links_sessions _ _ _ (e_links _ _ E x0) x Ix) as X. rewrite Ec in X at 1 2. cbn [hd] in X.
    rewrite Ec. rewrite Ec in X. exact X. }
  set (few := snd x0 :: map snd (targets c x0) ++ map snd (programEdges P ws)).
  assert (Lf : length few <= 1 + 2 * programLocks).
  { unfold few. cbn [length]. rewrite app_length, !map_length, targets_length. unfold stand in *. lia. }
  enough (length (sessionsOf c ws) <= length few) by lia. apply NoDup_incl_length; [apply NoDup_nodup|].
  intros n I. apply nodup_In, in_map_iff in I. destruct I as [z [<- Iz]]. apply in_app_or in Iz.
  assert (Of : forall x, In x c -> In (snd x) few).
  { intros x Ix. destruct (Sc x Ix) as [->|It]; [now left|]. right. apply in_or_app. now left. }
  destruct Iz as [Iz|Iz]; [auto|]. destruct (ofProgram P (wanted z)) eqn:Pz.
  - right. apply in_or_app. right. apply in_map. now apply filter_In.
  - destruct (proj2 (e_writers _ _ E) z Iz) as [_ [x [Ix [_ Wx]]]].
    assert (Px : snd x = snd z).
    { apply (same_session z x Pz (wanted x)). unfold wantsToo, wants in *. symmetry. exact Wx. }
    rewrite <- Px. auto.
Qed.

(** Which session is which does not matter. *)
Section Rename.
Variable f : nat -> nat.
Variable among : list nat.
Hypothesis Inj : forall n m, In n among -> In m among -> f n = f m -> n = m.

Definition rename (x : stand) : stand := (fst x, f (snd x)).
Definition known (x : stand) : Prop := In (snd x) among.

Lemma same_instance n m l l' : In n among -> In m among ->
  (instanceOf P n l = instanceOf P m l' <-> instanceOf P (f n) l = instanceOf P (f m) l').
Proof.
  intros In_ Im. split; intros E; pose proof (instance_lock _ _ _ _ _ E); subst l'; unfold instanceOf in *;
    destruct (isSession P l); auto; f_equal.
  - congruence.
  - apply Inj; auto. congruence.
Qed.

Lemma same_wants x z : known x -> known z -> (wants P z = wants P x <-> wants P (rename z) = wants P (rename x)).
Proof. intros Kx Kz. unfold wants. cbn. now apply same_instance. Qed.

Lemma rename_once : forall c, (forall x, In x c -> known x) -> NoDup (map (wants P) c) ->
  NoDup (map (wants P) (map rename c)).
Proof.
  induction c as [|x c IH]; intros K N; [constructor|]. cbn [map] in *. inversion N as [|? ? Nx N']; subst. constructor.
  - intros I. apply Nx. rewrite map_map in I. apply in_map_iff in I. destruct I as [y [E I]]. apply in_map_iff.
    exists y. split; [|assumption].
    apply (proj2 (same_wants x y (K x (or_introl eq_refl)) (K y (or_intror I)))). exact E.
  - apply IH; auto. intros y Iy. apply K. now right.
Qed.

Lemma rename_keeps C x y : (forall z, In z C -> known z) -> known x -> known y ->
  keeps C x y -> keeps (map rename C) (rename x) (rename y).
Proof.
  intros KC Kx Ky [l [m [Il [El Cf]]]]. exists l, m. split; [exact Il|]. split; [exact (proj1 (same_instance (snd y) (snd x) l (wanted x) Ky Kx) El)|].
  destruct Cf as [Cf|[z [Iz [Wz Mz]]]]; [now left|]. right. exists (rename z). split; [now apply in_map|].
  split; [|exact Mz]. exact (proj1 (same_wants x z Kx (KC z Iz)) Wz).
Qed.

Lemma rename_links C : (forall z, In z C -> known z) -> forall c b, (forall x, In x c -> known x) -> known b ->
  links C c b -> links (map rename C) (map rename c) (rename b).
Proof.
  intros KC. induction c as [|x c IH]; intros b K Kb L; [exact Logic.I|]. destruct L as [A B]. cbn [map links]. split.
  - replace (hd (rename b) (map rename c)) with (rename (hd b c)) by now destruct c. apply rename_keeps; auto.
    + apply K. now left.
    + destruct c; [exact Kb|]. apply K. right. now left.
  - apply IH; auto. intros y Iy. apply K. now right.
Qed.

Lemma rename_exact c ws : (forall x, In x (c ++ ws) -> known x) -> exact c ws -> exact (map rename c) (map rename ws).
Proof.
  intros K E. destruct c as [|x0 c0] eqn:Ec; [now destruct (e_some _ _ E)|]. rewrite <- Ec in *.
  assert (Kc : forall x, In x c -> known x) by (intros x Ix; apply K, in_or_app; now left).
  assert (Kw : forall x, In x ws -> known x) by (intros x Ix; apply K, in_or_app; now right).
  constructor.
  - rewrite Ec. discriminate.
  - intros x Ix. rewrite <- map_app in Ix. apply in_map_iff in Ix. destruct Ix as [y [<- Iy]]. exact (e_places _ _ E y Iy).
  - intros d. replace (hd d (map rename c)) with (rename (hd x0 c)) by now rewrite Ec. rewrite <- map_app.
    apply rename_links; auto; [|apply E]. apply Kc. rewrite Ec. now left.
  - apply rename_once; auto. apply E.
  - split; [apply rename_once; auto; apply E|]. intros z Iz. apply in_map_iff in Iz. destruct Iz as [y [<- Iy]].
    destruct (proj2 (e_writers _ _ E) y Iy) as [My [x [Ix [Mx Wx]]]]. split; [exact My|]. exists (rename x).
    split; [now apply in_map|]. split; [exact Mx|].
    exact (proj1 (same_wants x y (Kc x Ix) (Kw y Iy)) Wx).
  - intros x y Ix Iy N. rewrite <- map_app in Ix, Iy. apply in_map_iff in Ix, Iy.
    destruct Ix as [x1 [<- Ix]], Iy as [y1 [<- Iy]]. intros l m l' m' Il Il' Ei.
    apply (e_together _ _ E x1 y1 Ix Iy) with (l := l) (l' := l'); auto.
    + intros ->. contradiction.
    + exact (proj2 (same_instance (snd x1) (snd y1) l l' (K x1 Ix) (K y1 Iy)) Ei).
Qed.
End Rename.

Fixpoint index (n : nat) (l : list nat) : nat :=
  match l with [] => 0 | x :: l => if x =? n then 0 else S (index n l) end.

Lemma index_less n : forall l, In n l -> index n l < length l.
Proof.
  induction l as [|x l IH]; intros I; [destruct I|]. cbn. destruct (x =? n) eqn:E; [lia|].
  destruct I as [->|I]; [rewrite Nat.eqb_refl in E; discriminate|]. specialize (IH I). lia.
Qed.

Lemma index_same n m : forall l, In n l -> In m l -> index n l = index m l -> n = m.
Proof.
  induction l as [|x l IH]; intros I J E; [destruct I|]. cbn in E.
  destruct (x =? n) eqn:En, (x =? m) eqn:Em; try discriminate.
  - apply Nat.eqb_eq in En, Em. congruence.
  - destruct I as [->|I]; [rewrite Nat.eqb_refl in En; discriminate|].
    destruct J as [->|J]; [rewrite Nat.eqb_refl in Em; discriminate|]. apply IH; auto.
Qed.

(** So the search is finite: each point is looked at in [1 + 2 * programLocks] sessions at most. *)
Theorem few_sessions_suffice : (exists c ws, exact c ws) ->
  exists c ws, exact c ws /\ forall x, In x (c ++ ws) -> snd x < 1 + 2 * programLocks.
Proof.
  intros [c [ws E]]. set (among := sessionsOf c ws). set (f := fun n => index n among).
  assert (K : forall x, In x (c ++ ws) -> In (snd x) among).
  { intros x Ix. apply nodup_In. now apply in_map. }
  exists (map (rename f) c), (map (rename f) ws). split.
  - apply rename_exact with (among := among); auto. intros n m I J. apply index_same; assumption.
  - intros x Ix. rewrite <- map_app in Ix. apply in_map_iff in Ix. destruct Ix as [y [<- Iy]]. cbn.
    pose proof (index_less _ _ (K y Iy)). pose proof (few_sessions _ _ E). unfold f, among in *. lia.
Qed.
End WithProgram.
