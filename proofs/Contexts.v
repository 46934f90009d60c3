(** Contexts: that a certificate describes, without inlining, every place where a flow may wait. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Sound Graph.

Section WithGraph.
Variable G : graph.
Variable C : gcertificate.

(** The points, in order; see [pointOf]. *)
Definition numbered (first count : nat) : list point := map (pointOf C) (seq first count).
Definition stepsOf : list elimination :=
  map (fun x => {| who := pointOf C (fst x); own := ownLocks (snd x); other := otherLocks (snd x);
                   shared := sharedLocks (snd x) |})
    (combine (seq 0 (length (geliminated C))) (geliminated C)).
Definition leftPoints : list point := numbered (length (geliminated C)) (gleft C).
Definition countPoints : nat := length (geliminated C) + gleft C.
Definition allPoints : list point := numbered 0 countPoints.

Lemma allPoints_split : allPoints = map who stepsOf ++ leftPoints.
Proof.
  unfold allPoints, leftPoints, stepsOf, countPoints, numbered. rewrite seq_app, map_app. cbn [plus]. f_equal.
  rewrite map_map. cbn [who]. rewrite <- (map_map fst (pointOf C)). f_equal.
  generalize 0 as k. induction (geliminated C) as [|e es IH]; intros k; cbn; [reflexivity|]. f_equal. apply IH.
Qed.

Definition describes (c : context) (H : list hold) : Prop :=
  (forall l m, In (l, m) H -> exists m', In (l, m') (cmay c) /\ suffices m' m = true) /\
  (forall l m, In (l, m) (cmust c) -> exists m', In (l, m') H /\ suffices m' m = true) /\
  (forall l, In (l, R) H -> ~ In (l, W) H -> In l (creading c)) /\
  (forall l, In (l, W) H -> In l (gwritten C)).

Definition subset (a b : list lock) := forallb (fun l => memb l b) a.

(** Whether [c] describes all that [d] describes. *)
Definition wider (c d : context) : bool :=
  forallb (holdsAlready (cmay c)) (cmay d) && subset (creading d) (creading c)
  && forallb (holdsAlready (cmust d)) (cmust c).

(** What [h] is wanted behind; only locks that somebody writes make anybody wait. *)
Definition pointAt (c : context) (h : hold) : point :=
  {| may := filter (fun x => memb (fst x) (gwritten C) && negb (fst x =? fst h)) (cmay c); must := cmust c; want := h |}.

Definition point_eqb (p q : point) : bool :=
  hold_eqb (want p) (want q) && forallb (holdsAlready (may q)) (may p)
  && forallb (fun h => existsb (hold_eqb h) (must p)) (must q).

(** What is held inside a region that takes [h]: LockContexts.cpp, [enterRegion]. *)
Definition enter (c : context) (h : hold) : context :=
  {| cmay := h :: cmay c; cmust := h :: cmust c;
     creading := if holdsAlready (cmust c) (fst h, R) then creading c
                 else match snd h with R => fst h :: creading c | W => creading c end |}.

(** Whether [h] may be taken: no upgrade, and a point describes where it is waited for. *)
Definition takes (count : nat) (c : context) (h : hold) : bool :=
  match snd h with R => true | W => memb (fst h) (gwritten C) && negb (memb (fst h) (creading c)) end
  && (holdsAlready (cmust c) h || negb (memb (fst h) (gwritten C))
      || let n := numberOf C c h in (n <? count) && point_eqb (pointAt c h) (pointOf C n)).

Fixpoint takesAll (count : nat) (c : context) (hs : list hold) : bool :=
  match hs with [] => true | h :: rest => takes count c h && takesAll count (enter c h) rest end.
Definition enterAll (c : context) (hs : list hold) : context := fold_left enter hs c.

(** Walks a flow in context [c], with the contexts around its regions; what is left of these behind it, unless it does
    something that the certificate does not describe. *)
Fixpoint walk (flows points : nat) (c : context) (g : gprog) (around : list context) : option (list context) :=
  match g with
  | GSkip | GNoMatch => Some around
  | GCall f =>
      if (f <? flows) && negb (existsb (fun d => wider (fst d) c) (entered C f)) then None else Some around
  | GSeq p q | GBranch p q =>
      match walk flows points c p around with Some rest => walk flows points c q rest | None => None end
  | GRegion hs p =>
      match around with
      | d :: rest => let own := inOrder (lockRank G) hs in
          if wider d c && takesAll points d own then walk flows points (enterAll d own) p rest else None
      | [] => None
      end
  end.

Definition walksWhole (flows points : nat) (g : gprog) (d : context * list context) : bool :=
  match walk flows points (fst d) g (snd d) with Some [] => true | _ => false end.
Fixpoint walkFlows (flows points : nat) (f : function) (gs : list gprog) : bool :=
  match gs with
  | [] => true
  | g :: rest => forallb (walksWhole flows points g) (entered C f) && walkFlows flows points (S f) rest
  end.

(** Roots are entered holding nothing. *)
Definition entersRoot (flows : nat) (f : function) : bool :=
  negb (f <? flows) || existsb (fun d => wider (fst d) nothing) (entered C f).

(** * Soundness *)
Lemma subset_in a b l : subset a b = true -> In l a -> In l b.
Proof. unfold subset. rewrite forallb_forall. intros S I. apply memb_in. now apply S. Qed.

Lemma suffices_trans a b c : suffices a b = true -> suffices b c = true -> suffices a c = true.
Proof. destruct a, b, c; cbn; congruence. Qed.

Lemma wider_describes c d H : wider c d = true -> describes d H -> describes c H.
Proof.
  unfold wider. rewrite !andb_true_iff. intros [[Sm Sr] Mu] [A [B [D E]]].
  rewrite forallb_forall in Sm, Mu. split; [|split; [|split]].
  - intros l m I. destruct (A _ _ I) as [m' [I' S']]. destruct (holdsAlready_in _ _ _ (Sm _ I')) as [m2 [I2 S2]].
    exists m2. split; [assumption|]. eapply suffices_trans; eauto.
  - intros l m I. destruct (holdsAlready_in _ _ _ (Mu _ I)) as [m' [I' S]].
    destruct (B _ _ I') as [m2 [I2 S2]]. exists m2. split; [assumption|]. eapply suffices_trans; eauto.
  - intros l I N. eapply subset_in; eauto.
  - assumption.
Qed.

Lemma nothing_describes : describes nothing [].
Proof. repeat split; cbn; intros; contradiction. Qed.

Lemma hold_dec (x y : hold) : {x = y} + {x <> y}.
Proof. decide equality; [decide equality|apply Nat.eq_dec]. Qed.

Lemma must_already c H h : describes c H -> holdsAlready (cmust c) h = true -> holdsAlready H h = true.
Proof.
  intros [_ [B _]] A. unfold holdsAlready in *. apply existsb_exists in A. destruct A as [[l m] [I X]]. cbn in X.
  apply andb_true_iff in X. destruct X as [X S]. apply Nat.eqb_eq in X. subst l.
  destruct (B _ _ I) as [m2 [I2 S2]]. apply existsb_exists. exists (fst h, m2). split; [assumption|]. cbn.
  rewrite Nat.eqb_refl. cbn. eapply suffices_trans; eauto.
Qed.

Lemma already_read H l : holdsAlready H (l, R) = true <-> exists m, In (l, m) H.
Proof.
  unfold holdsAlready. rewrite existsb_exists. split.
  - intros [[l' m] [I X]]. cbn in X. apply andb_true_iff in X. destruct X as [X _]. apply Nat.eqb_eq in X. subst. eauto.
  - intros [m I]. exists (l, m). split; [assumption|]. cbn. rewrite Nat.eqb_refl. now destruct m.
Qed.

Lemma enter_describes c H h : describes c H -> takes countPoints c h = true -> describes (enter c h) (h :: H).
Proof.
  intros De T. pose proof De as [A [B [D E]]]. unfold takes in T. apply andb_true_iff in T. destruct T as [T _].
  destruct h as [l m]. split; [|split; [|split]]; cbn.
  - intros l1 m1 [X|X].
    + inversion X; subst. exists m1. split; [now left|now destruct m1].
    + destruct (A _ _ X) as [m2 [I2 S2]]. exists m2. auto.
  - intros l1 m1 [X|X].
    + inversion X; subst. exists m1. split; [now left|now destruct m1].
    + destruct (B _ _ X) as [m2 [I2 S2]]. exists m2. auto.
  - intros l1 I N.
    assert (Old : In (l1, R) H -> In l1 (creading c)).
    { intros I1. apply D; [assumption|]. intros X. apply N. now right. }
    destruct (holdsAlready (cmust c) (l, R)) eqn:M.
    + destruct I as [X|X]; [|auto]. inversion X; subst.
      pose proof (must_already _ _ _ De M) as M2. apply already_read in M2. destruct M2 as [[|] I2]; [auto|].
      exfalso. apply N. now right.
    + destruct m.
      * destruct I as [X|X]; [inversion X; now left|right; auto].
      * destruct I as [X|X]; [discriminate|auto].
  - intros l1 [X|X]; [|auto]. inversion X; subst. cbn in T. apply andb_true_iff in T. destruct T as [T _].
    now apply memb_in.
Qed.

(** A place that is taken care of: nobody upgrades there, and a point covers it. *)
Definition covered (x : place) : Prop :=
  (forall l, In (l, W) (snd x :: fst x) -> In l (gwritten C)) /\
  (forall m, ~ In (fst (snd x), m) (fst x)) /\
  (memb (fst (snd x)) (gwritten C) = true ->
     exists p, In p allPoints /\ covers (gwritten C) p x = true).

Lemma numbered_in n : n < countPoints -> In (pointOf C n) allPoints.
Proof. intros L. apply in_map. apply in_seq. lia. Qed.

Lemma takes_covered c H h x : describes c H -> takes countPoints c h = true -> In x (placesOf H h) -> covered x.
Proof.
  intros De T I. unfold placesOf in I. destruct (holdsAlready H h) eqn:Al; [destruct I|].
  destruct I as [<-|[]]. pose proof De as [A [B [D E]]]. unfold takes in T. apply andb_true_iff in T. destruct T as [T1 T2].
  destruct h as [l m].
  assert (No : forall m1, ~ In (l, m1) H).
  { intros m1 I1. destruct m.
    - assert (X : holdsAlready H (l, R) = true) by (apply already_read; eauto). congruence.
    - destruct (in_dec hold_dec (l, W) H) as [Iw|Nw].
      + assert (X : holdsAlready H (l, W) = true); [|congruence]. apply existsb_exists. exists (l, W).
        split; [assumption|]. cbn. now rewrite Nat.eqb_refl.
      + destruct m1; [|contradiction]. specialize (D l I1 Nw). cbn in T1. apply andb_true_iff in T1.
        destruct T1 as [_ T1]. apply negb_true_iff in T1. apply memb_in in D. congruence. }
  split; [|split; [exact No|]]; cbn [fst snd].
  - intros l1 [X|X]; [|auto]. inversion X; subst. cbn in T1. apply andb_true_iff in T1. destruct T1 as [T1 _].
    now apply memb_in.
  - intros Wr. cbn [fst snd] in T2. rewrite Wr in T2. rewrite orb_false_r in T2.
    destruct (holdsAlready (cmust c) (l, m)) eqn:M.
    { rewrite (must_already _ _ _ De M) in Al. discriminate. }
    cbn in T2. apply andb_true_iff in T2. destruct T2 as [Ln Eq]. apply Nat.ltb_lt in Ln.
    exists (pointOf C (numberOf C c (l, m))). split; [now apply numbered_in|].
    generalize dependent (pointOf C (numberOf C c (l, m))). intros p Eq.
    unfold point_eqb in Eq. rewrite !andb_true_iff in Eq. destruct Eq as [[Ew Em] Eu].
    apply hold_eqb_eq in Ew. cbn in Ew. unfold covers. rewrite !andb_true_iff, !forallb_forall. split; [split|].
    + intros [l1 m1] I1. cbn [fst snd]. destruct (memb l1 (gwritten C)) eqn:W1; [|reflexivity]. cbn [negb orb].
      destruct (A _ _ I1) as [m2 [I2 S2]]. rewrite forallb_forall in Em.
      assert (X : In (l1, m2) (may (pointAt c (l, m)))).
      { cbn. apply filter_In. split; [assumption|]. cbn [fst]. rewrite W1. cbn.
        apply negb_true_iff, Nat.eqb_neq. intros ->. eapply No; eauto. }
      destruct (holdsAlready_in _ _ _ (Em _ X)) as [m3 [I3 S3]]. apply existsb_exists. exists (l1, m3).
      split; [assumption|]. cbn. rewrite Nat.eqb_refl. cbn. eapply suffices_trans; eauto.
    + intros [l1 m1] I1. rewrite forallb_forall in Eu. specialize (Eu _ I1). apply existsb_exists in Eu.
      destruct Eu as [h2 [I2 X]]. apply hold_eqb_eq in X. subst h2. destruct (B _ _ I2) as [m2 [I3 S3]].
      apply existsb_exists. exists (l1, m2). split; [assumption|]. cbn. now rewrite Nat.eqb_refl.
    + rewrite <- Ew. cbn. unfold hold_eqb. cbn. rewrite Nat.eqb_refl. now destruct m.
Qed.

Lemma takesAll_covered hs : forall c H, describes c H -> takesAll countPoints c hs = true ->
  (forall x, In x (acquirePlaces H hs) -> covered x) /\ describes (enterAll c hs) (rev hs ++ H).
Proof.
  induction hs as [|h hs IH]; intros c H De T; cbn in *; [split; [intros x []|assumption]|].
  apply andb_true_iff in T. destruct T as [T1 T2].
  destruct (IH (enter c h) (h :: H) (enter_describes _ _ _ De T1) T2) as [A B]. split.
  - intros x I. apply in_app_or in I. destruct I as [I|I]; [|auto]. exact (takes_covered _ _ _ _ De T1 I).
  - rewrite <- app_assoc. exact B.
Qed.

Variable P : program.
Hypothesis SameRank : rank P = lockRank G.

(** What handlers take where errors of [p] may find them. *)
Fixpoint handled (stack : list function) (p : prog) : Prop :=
  match p with
  | Skip => True
  | Node _ | NoMatch => forall x, In x (handlerPlaces P (takenBy P p stack)) -> covered x
  | Seq p q | Branch p q => handled stack p /\ handled stack q
  | Region _ p => handled stack p
  | Call f p => handled (f :: stack) p
  end.

Definition entersCovered stack (f : function) (p : prog) : Prop := forall c H, describes c H ->
  (f <? length (bodies G)) && negb (existsb (fun d => wider (fst d) c) (entered C f)) = false ->
  handled stack p -> forall x, In x (progPlaces P stack H p) -> covered x.

Lemma walk_covered env stack : (forall f, entersCovered stack f (env f)) ->
  forall g c H around rest, describes c H ->
    walk (length (bodies G)) countPoints c g around = Some rest -> handled stack (inline env g) ->
    forall x, In x (progPlaces P stack H (inline env g)) -> covered x.
Proof.
  intros Env. induction g; intros c H around rest De Wk Ha x I; cbn in *; try contradiction; auto.
  - eapply Env; eauto. destruct (_ && _); [discriminate|reflexivity].
  - destruct (walk _ _ c g1 around) as [mid|] eqn:Wk1; [|discriminate]. destruct Ha.
    apply in_app_or in I. destruct I; eauto.
  - destruct (walk _ _ c g1 around) as [mid|] eqn:Wk1; [|discriminate]. destruct Ha.
    apply in_app_or in I. destruct I; eauto.
  - destruct around as [|d around]; [discriminate|].
    destruct (wider d c && takesAll countPoints d (inOrder (lockRank G) hs)) eqn:Tk; [|discriminate].
    apply andb_true_iff in Tk. destruct Tk as [Wi Tk]. pose proof (wider_describes _ _ _ Wi De) as Dd.
    rewrite SameRank in I.
    destruct (takesAll_covered _ _ _ Dd Tk) as [A B]. apply in_app_or in I. destruct I as [I|I]; [auto|].
    eapply IHg; eauto.
Qed.

Lemma walkFlows_nth n : forall gs k f d, walkFlows n countPoints k gs = true -> In d (entered C (k + f)) ->
  f < length gs -> walksWhole n countPoints (nth f gs GSkip) d = true.
Proof.
  induction gs as [|g gs IH]; intros k f d Wk I L; [cbn in L; lia|]. cbn in Wk. apply andb_true_iff in Wk.
  destruct Wk as [A B]. destruct f; cbn [nth].
  - rewrite Nat.add_0_r in I. rewrite forallb_forall in A. auto.
  - apply IH with (k := S k); auto; [|cbn in L; lia]. now rewrite Nat.add_succ_comm.
Qed.

Lemma function_covered : walkFlows (length (bodies G)) countPoints 0 (bodies G) = true ->
  forall d stack f, entersCovered stack f (inlineFunction G d f).
Proof.
  intros Wk. induction d as [|d IH]; intros stack f c H De En Ha x Ix; cbn [inlineFunction] in Ix, Ha;
    unfold isFlow in *; destruct (f <? length (bodies G)) eqn:L; cbn in Ix, Ha; auto; try contradiction.
  cbn in En. apply negb_false_iff, existsb_exists in En. destruct En as [e [Ie Wi]].
  pose proof (walkFlows_nth _ _ 0 f e Wk Ie (proj1 (Nat.ltb_lt _ _) L)) as Wh. unfold walksWhole in Wh.
  destruct (walk _ _ (fst e) _ (snd e)) as [rest|] eqn:E; [|discriminate].
  eapply walk_covered; [intros g; apply IH|eapply wider_describes; eauto|exact E|exact Ha|exact Ix].
Qed.
End WithGraph.
