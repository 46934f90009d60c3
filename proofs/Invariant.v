(** What holds in every reachable state. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker.

Section WithProgram.
Variable P : program.

Fixpoint codePlaces (H : list hold) (c : list item) : list place :=
  match c with
  | [] => []
  | Run p :: c => progPlaces P (stackOf c) H p ++ codePlaces H c
  | Acquire h :: c => placesOf H h ++ codePlaces (h :: H) c
  | Release n :: c => codePlaces (skipn n H) c
  | Return _ :: c => codePlaces H c
  end.

Lemma codePlaces_acquire hs : forall H c,
  codePlaces H (map Acquire hs ++ c) = acquirePlaces H hs ++ codePlaces (rev hs ++ H) c.
Proof.
  induction hs as [|h hs IH]; intros H c; cbn; [reflexivity|].
  rewrite IH, <- !app_assoc. reflexivity.
Qed.

Lemma skipn_rev {A} (hs H : list A) : skipn (length hs) (rev hs ++ H) = H.
Proof.
  rewrite <- (rev_length hs), skipn_app, skipn_all, Nat.sub_diag. reflexivity.
Qed.

Lemma codePlaces_region hs inner H c :
  codePlaces H (regionCode hs [Run inner] c) =
  acquirePlaces H hs ++ progPlaces P (stackOf c) (rev hs ++ H) inner ++ codePlaces H c.
Proof.
  unfold regionCode. rewrite codePlaces_acquire. cbn. rewrite skipn_rev. reflexivity.
Qed.

Lemma local_places H c H' c' :
  local P (H, c) (H', c') -> incl (codePlaces H' c') (codePlaces H c).
Proof.
  intros L. inversion L; subst; cbn [codePlaces progPlaces stackOf app];
    try rewrite codePlaces_region; intros x Hx; repeat rewrite in_app_iff in *; intuition auto.
Qed.

Lemma codePlaces_region_alone hs : codePlaces [] (regionCode hs [] []) = acquirePlaces [] hs.
Proof. unfold regionCode. rewrite codePlaces_acquire. cbn. apply app_nil_r. Qed.

Lemma codePlaces_handler taken : codePlaces [] (handlerCode P taken) = handlerPlaces P taken.
Proof.
  destruct taken as [h|]; [|reflexivity]. apply codePlaces_region_alone.
Qed.

Lemma local_held H c H' c' : local P (H, c) (H', c') ->
  forall l m, In (l, m) H' -> exists m2, In (l, m2) H /\ suffices m2 m = true.
Proof.
  assert (S : forall m, suffices m m = true) by (intros []; reflexivity).
  intros L l m I. inversion L; subst; eauto.
  - destruct I as [E|I]; [|eauto]. subst h. unfold holdsAlready in *.
    match goal with X : existsb _ _ = true |- _ => apply existsb_exists in X; destruct X as [[l2 m2] [I2 E]] end. cbn in E.
    apply andb_true_iff in E. destruct E as [E1 E2]. apply Nat.eqb_eq in E1. subst. eauto.
  - exists m. split; [|apply S].
    rewrite <- (firstn_skipn n H). apply in_or_app. now right.
Qed.

Record invariant (s : state) : Prop := {
  i_code : forall t th, threads s t = Some th -> incl (codePlaces (held th) (todo th)) (places P);
  i_excl : forall t u th thu i m m', threads s t = Some th -> threads s u = Some thu -> t <> u ->
    holdsInstance P th i m -> holdsInstance P thu i m' -> conflict m m' = false;
  i_queue : forall u m i, In (u, m) (queue s i) -> exists th l c, threads s u = Some th /\
    waiting th = true /\ todo th = Acquire (l, m) :: c /\ instanceOf P (session th) l = i;
  i_wait : forall t th, threads s t = Some th -> waiting th = true -> exists l m c,
    todo th = Acquire (l, m) :: c /\ holdsAlready (held th) (l, m) = false /\
    In (t, m) (queue s (instanceOf P (session th) l));
  i_once : forall i, NoDup (map fst (queue s i))
}.

Lemma conflict_sym a b : conflict a b = conflict b a.
Proof. destruct a, b; reflexivity. Qed.

Lemma upd_same {A} (f : nat -> A) t x : upd f t x t = x.
Proof. unfold upd. now rewrite Nat.eqb_refl. Qed.
Lemma upd_other {A} (f : nat -> A) t x u : u <> t -> upd f t x u = f u.
Proof. unfold upd. intros N. apply Nat.eqb_neq in N. now rewrite N. Qed.

Lemma instance_eqb_eq i j : instance_eqb i j = true <-> i = j.
Proof.
  destruct i, j. unfold instance_eqb. cbn. rewrite andb_true_iff, !Nat.eqb_eq. split.
  - intros [-> ->]. reflexivity.
  - intros E. inversion E. auto.
Qed.
Lemma updq_same f i x : updq f i x i = x.
Proof. unfold updq. destruct (instance_eqb i i) eqn:E; [reflexivity|].
  assert (instance_eqb i i = true) by now apply instance_eqb_eq. congruence. Qed.
Lemma updq_other f i x j : j <> i -> updq f i x j = f j.
Proof. unfold updq. intros N. destruct (instance_eqb j i) eqn:E; [|reflexivity].
  apply instance_eqb_eq in E. contradiction. Qed.
Lemma instance_dec (i j : instance) : {i = j} + {i <> j}.
Proof. decide equality; apply Nat.eq_dec. Qed.

(** A thread changes: the parts that do not depend on queues. *)
Lemma change_code s t th' : invariant s ->
  incl (codePlaces (held th') (todo th')) (places P) ->
  forall u thu, upd (threads s) t (Some th') u = Some thu -> incl (codePlaces (held thu) (todo thu)) (places P).
Proof.
  intros I F u thu E. destruct (Nat.eq_dec u t) as [->|N].
  - rewrite upd_same in E. inversion E. now subst.
  - rewrite upd_other in E by assumption. eapply i_code; eauto.
Qed.

Lemma change_excl s t th' : invariant s ->
  (forall u thu i m m', u <> t -> threads s u = Some thu -> holdsInstance P th' i m ->
     holdsInstance P thu i m' -> conflict m m' = false) ->
  forall a b tha thb i m m', upd (threads s) t (Some th') a = Some tha ->
    upd (threads s) t (Some th') b = Some thb -> a <> b ->
    holdsInstance P tha i m -> holdsInstance P thb i m' -> conflict m m' = false.
Proof.
  intros I F a b tha thb i m m' Ea Eb N Ha Hb.
  destruct (Nat.eq_dec a t) as [->|Na], (Nat.eq_dec b t) as [->|Nb]; try contradiction.
  - rewrite upd_same in Ea. inversion Ea; subst. rewrite upd_other in Eb by assumption. eauto.
  - rewrite upd_same in Eb. inversion Eb; subst. rewrite upd_other in Ea by assumption.
    rewrite conflict_sym. eauto.
  - rewrite upd_other in Ea, Eb by assumption. eapply i_excl with (t := a) (u := b); eauto.
Qed.

Lemma weaker_excl s t th th' : invariant s -> threads s t = Some th -> session th' = session th ->
  (forall l m, In (l, m) (held th') -> exists m2, In (l, m2) (held th) /\ suffices m2 m = true) ->
  forall u thu i m m', u <> t -> threads s u = Some thu -> holdsInstance P th' i m ->
     holdsInstance P thu i m' -> conflict m m' = false.
Proof.
  intros I E S F u thu i m m' N Eu [l [Il Ei]] Hu.
  destruct (F l m Il) as [m2 [I2 S2]].
  assert (C : conflict m2 m' = false).
  { eapply i_excl with (t := t) (u := u); eauto. exists l. rewrite <- S. auto. }
  destruct m2, m, m'; cbn in *; congruence.
Qed.

(** A thread that does not wait is in no queue. *)
Lemma not_queued s t th : invariant s -> threads s t = Some th -> waiting th = false ->
  forall i m, ~ In (t, m) (queue s i).
Proof.
  intros I E W i m Q. destruct (i_queue _ I _ _ _ Q) as [th2 [l [c [E2 [W2 _]]]]]. congruence.
Qed.

Lemma change_queue s t th th' : invariant s -> threads s t = Some th -> waiting th = false ->
  forall u m i, In (u, m) (queue s i) -> exists thu l c, upd (threads s) t (Some th') u = Some thu /\
    waiting thu = true /\ todo thu = Acquire (l, m) :: c /\ instanceOf P (session thu) l = i.
Proof.
  intros I E W u m i Q. assert (N : u <> t).
  { intros ->. eapply not_queued; eauto. }
  rewrite upd_other by assumption. eapply i_queue; eauto.
Qed.

Lemma change_wait s t th' : invariant s -> waiting th' = false ->
  forall u thu, upd (threads s) t (Some th') u = Some thu -> waiting thu = true -> exists l m c,
    todo thu = Acquire (l, m) :: c /\ holdsAlready (held thu) (l, m) = false /\
    In (u, m) (queue s (instanceOf P (session thu) l)).
Proof.
  intros I W u thu E Wu. destruct (Nat.eq_dec u t) as [->|N].
  - rewrite upd_same in E. inversion E; subst. congruence.
  - rewrite upd_other in E by assumption. eapply i_wait; eauto.
Qed.

Lemma invariant_initial : invariant initial.
Proof.
  constructor; cbn; intros; try discriminate; try contradiction. constructor.
Qed.

Lemma places_cons H h c : incl (codePlaces (h :: H) c) (codePlaces H (Acquire h :: c)).
Proof. cbn. intros x I. apply in_or_app. now right. Qed.

Lemma grant_excl s t th l m c w : invariant s -> threads s t = Some th ->
  isFree P s (instanceOf P (session th) l) m ->
  forall u thu i m1 m', u <> t -> threads s u = Some thu ->
    holdsInstance P (setThread th ((l, m) :: held th) c w) i m1 ->
    holdsInstance P thu i m' -> conflict m1 m' = false.
Proof.
  intros I E F u thu i m1 m' N Eu [l1 [Il Ei]] Hu. cbn in *. destruct Il as [Il|Il].
  - inversion Il; subst. eapply F; eauto.
  - eapply i_excl with (t := t) (u := u); eauto. exists l1. auto.
Qed.

Lemma invariant_step own s s' : invariant s -> step P own s s' -> invariant s'.
Proof.
  intros I St. inversion St; subst; clear St.
  - (* spawn *)
    constructor; cbn [threads queue].
    + apply change_code; [assumption|]. cbn. rewrite app_nil_r. intros x Hx. apply in_or_app. left. apply in_flat_map. eauto.
    + apply change_excl; [assumption|]. intros u thu i m m' _ _ [l [[] _]].
    + intros u m i Q. assert (N : u <> t).
      { intros ->. destruct (i_queue _ I _ _ _ Q) as [th [l [c [E _]]]]. congruence. }
      rewrite upd_other by assumption. eapply i_queue; eauto.
    + apply change_wait; auto.
    + apply I.
  - (* local *)
    constructor; cbn [threads queue].
    + apply change_code; [assumption|]. cbn. eapply incl_tran; [eapply local_places; eauto|].
      eapply i_code; eauto.
    + apply change_excl; [assumption|]. eapply weaker_excl; eauto. cbn. eapply local_held; eauto.
    + eapply change_queue; eauto.
    + apply change_wait; auto.
    + apply I.
  - (* error *)
    constructor; cbn [threads queue].
    + apply change_code; [assumption|]. cbn [held todo setThread]. rewrite codePlaces_handler. eapply incl_tran; [|eapply (i_code _ I); eauto].
      match goal with T : todo _ = _ |- _ => rewrite T end. intros x Hx. apply in_or_app. now left.
    + apply change_excl; [assumption|]. intros u thu i m m' _ _ [l [[] _]].
    + eapply change_queue; eauto.
    + apply change_wait; auto.
    + apply I.
  - (* error anywhere *)
    constructor; cbn [threads queue].
    + apply change_code; [assumption|]. cbn [held todo setThread]. rewrite codePlaces_region_alone.
      intros x Hx. apply in_or_app. right. apply in_flat_map. eauto.
    + apply change_excl; [assumption|]. intros u thu i m m' _ _ [l [[] _]].
    + eapply change_queue; eauto.
    + apply change_wait; auto.
    + apply I.
  - (* no match *)
    constructor; cbn [threads queue].
    + apply change_code; [assumption|]. cbn [held todo setThread]. rewrite codePlaces_handler. eapply incl_tran; [|eapply (i_code _ I); eauto].
      match goal with T : todo _ = _ |- _ => rewrite T end. intros x Hx. apply in_or_app. now left.
    + apply change_excl; [assumption|]. intros u thu i m m' _ _ [l [[] _]].
    + eapply change_queue; eauto.
    + apply change_wait; auto.
    + apply I.
  - (* end *)
    constructor; cbn [threads queue].
    + apply change_code; [assumption|]. cbn [held todo setThread]. intros x [].
    + apply change_excl; [assumption|]. intros u thu i m m' _ _ [l [[] _]].
    + eapply change_queue; eauto.
    + apply change_wait; auto.
    + apply I.
  - (* request *)
    constructor; cbn [threads queue].
    + apply change_code; [assumption|]. cbn. eapply i_code; eauto.
    + apply change_excl; [assumption|]. eapply weaker_excl; eauto. cbn. intros l1 m1 I1. exists m1.
      split; [assumption|]. now destruct m1.
    + intros u m1 i Q. destruct (instance_dec i (instanceOf P (session th) l)) as [->|N].
      * rewrite updq_same in Q. apply in_app_or in Q. destruct Q as [Q|[Q|[]]].
        -- eapply change_queue; eauto.
        -- inversion Q; subst. rewrite upd_same. eexists _, _, _. cbn. split; [reflexivity|]. eauto.
      * rewrite updq_other in Q by assumption. eapply change_queue; eauto.
    + intros u thu E Wu. destruct (Nat.eq_dec u t) as [->|N].
      * rewrite upd_same in E. inversion E; subst. cbn. exists l, m, c. rewrite updq_same.
        repeat split; auto. apply in_or_app. right. now left.
      * rewrite upd_other in E by assumption. destruct (i_wait _ I _ _ E Wu) as [l1 [m1 [c1 [A [B C]]]]].
        exists l1, m1, c1. repeat split; auto.
        destruct (instance_dec (instanceOf P (session thu) l1) (instanceOf P (session th) l)) as [Ei|Ni].
        -- rewrite Ei, updq_same. apply in_or_app. left. now rewrite <- Ei.
        -- now rewrite updq_other.
    + intros i. destruct (instance_dec i (instanceOf P (session th) l)) as [->|N].
      * rewrite updq_same, map_app. cbn. apply NoDup_Add with (a := t) (l := map fst (queue s (instanceOf P (session th) l))).
        -- rewrite <- (app_nil_r (map fst _)) at 1. apply Add_app.
        -- split; [apply I|]. intros Q. apply in_map_iff in Q. destruct Q as [[u m1] [Eu Q]]. cbn in Eu. subst u.
           eapply not_queued; eauto.
      * rewrite updq_other by assumption. apply I.
  - (* grant *)
    assert (Sub : forall u m1 i, In (u, m1) (updq (queue s) (instanceOf P (session th) l) rest i) -> u <> t /\ In (u, m1) (queue s i)).
    { intros u m1 i Q. destruct (instance_dec i (instanceOf P (session th) l)) as [->|N].
      - rewrite updq_same in Q. rewrite H2. split; [|now right]. intros ->.
        pose proof (i_once _ I (instanceOf P (session th) l)) as D. rewrite H2 in D. cbn in D.
        inversion D; subst. apply H6. apply in_map_iff. exists (t, m1). auto.
      - rewrite updq_other in Q by assumption. split; [|assumption]. intros ->.
        destruct (i_queue _ I _ _ _ Q) as [th2 [l2 [c2 [E2 [W2 [T2 I2]]]]]].
        rewrite H in E2. inversion E2; subst. rewrite H1 in T2. inversion T2; subst. contradiction. }
    constructor; cbn [threads queue].
    + apply change_code; [assumption|]. cbn. eapply incl_tran; [apply places_cons|]. rewrite <- H1.
      eapply i_code; eauto.
    + apply change_excl; [assumption|]. apply grant_excl with (th := th); auto.
    + intros u m1 i Q. apply Sub in Q. destruct Q as [N Q]. rewrite upd_other by assumption. eapply i_queue; eauto.
    + intros u thu E Wu. destruct (Nat.eq_dec u t) as [->|N].
      * rewrite upd_same in E. inversion E; subst. discriminate.
      * rewrite upd_other in E by assumption. destruct (i_wait _ I _ _ E Wu) as [l1 [m1 [c1 [A [B C]]]]].
        exists l1, m1, c1. repeat split; auto.
        destruct (instance_dec (instanceOf P (session thu) l1) (instanceOf P (session th) l)) as [Ei|Ni].
        -- rewrite Ei, updq_same. rewrite Ei, H2 in C. destruct C as [C|C]; [|assumption].
           inversion C; subst. contradiction.
        -- now rewrite updq_other.
    + intros i. destruct (instance_dec i (instanceOf P (session th) l)) as [->|N].
      * rewrite updq_same. pose proof (i_once _ I (instanceOf P (session th) l)) as D. rewrite H2 in D. cbn in D.
        now inversion D.
      * rewrite updq_other by assumption. apply I.
  - (* barge *)
    constructor; cbn [threads queue].
    + apply change_code; [assumption|]. cbn. eapply incl_tran; [apply places_cons|]. rewrite <- H1.
      eapply i_code; eauto.
    + apply change_excl; [assumption|]. apply grant_excl with (th := th); auto.
    + eapply change_queue; eauto.
    + apply change_wait; auto.
    + apply I.
Qed.

Lemma invariant_reachable s : reachable P s -> invariant s.
Proof.
  induction 1; [apply invariant_initial|]. eapply invariant_step; eauto.
Qed.
End WithProgram.
