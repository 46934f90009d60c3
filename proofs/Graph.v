(** Programs as flux-translate writes them, with calls, and certificates with contexts: what a flow may and must hold
    where it is entered. The checker never inlines. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Sound Finish.

Inductive gprog :=
| GSkip
| GNode
| GCall (f : nat)
| GSeq (p q : gprog)
| GBranch (p q : gprog)
| GRegion (hs : list hold) (p : gprog).

Record graph := {
  bodies : list gprog;
  roots : list nat;                 (* flows that start, or that sources start *)
  regions : list (list hold);       (* of handlers *)
  sessionLock : lock -> bool;
  lockRank : lock -> nat
}.

(** The meaning of a graph: its calls inlined. *)
Fixpoint inline (env : nat -> prog) (g : gprog) : prog :=
  match g with
  | GSkip => Skip
  | GNode => Node
  | GCall f => env f
  | GSeq p q => Seq (inline env p) (inline env q)
  | GBranch p q => Branch (inline env p) (inline env q)
  | GRegion hs p => Region hs (inline env p)
  end.

Section WithGraph.
Variable G : graph.

Definition bodyOf f := nth f (bodies G) GSkip.
Fixpoint inlineFlow (depth : nat) (f : nat) : prog :=
  match depth with 0 => Skip | S d => inline (inlineFlow d) (bodyOf f) end.

Definition programOf : program := {|
  flows := map (fun f => {| body := inlineFlow (length (bodies G)) f; handlers := regions G |}) (roots G);
  isSession := sessionLock G;
  rank := lockRank G
|}.

(** What the steps of a certificate depend on; without the flows, so that nothing is inlined to check them. *)
Definition lockFacts : program := {| flows := []; isSession := sessionLock G; rank := lockRank G |}.

(** That flows call later ones only, so that [inlineFlow] never cuts anything off. *)
Fixpoint callsAfter (f : nat) (g : gprog) : bool :=
  match g with
  | GSkip | GNode => true
  | GCall h => (f <? h) && (h <? length (bodies G))
  | GSeq p q | GBranch p q => callsAfter f p && callsAfter f q
  | GRegion _ p => callsAfter f p
  end.
Fixpoint acyclicFrom (f : nat) (gs : list gprog) : bool :=
  match gs with [] => true | g :: rest => callsAfter f g && acyclicFrom (S f) rest end.
Definition acyclic : bool := acyclicFrom 0 (bodies G).

Lemma acyclicFrom_nth : forall gs k f, acyclicFrom k gs = true -> callsAfter (k + f) (nth f gs GSkip) = true.
Proof.
  induction gs as [|g gs IH]; intros k f A; [now destruct f|]. cbn in A. apply andb_true_iff in A. destruct A as [A B].
  destruct f; cbn [nth]; [now rewrite Nat.add_0_r|]. rewrite <- Nat.add_succ_comm. now apply IH.
Qed.

Lemma inline_same e1 e2 f g : callsAfter f g = true ->
  (forall h, f < h -> h < length (bodies G) -> e1 h = e2 h) -> inline e1 g = inline e2 g.
Proof.
  intros C E. induction g; cbn in *; try reflexivity; try (apply andb_true_iff in C; destruct C).
  - apply E; now apply Nat.ltb_lt.
  - now rewrite IHg1, IHg2.
  - now rewrite IHg1, IHg2.
  - now rewrite IHg.
Qed.

Lemma deep_enough : acyclic = true -> forall d d' f, length (bodies G) <= f + d -> length (bodies G) <= f + d' ->
  f < length (bodies G) -> inlineFlow d f = inlineFlow d' f.
Proof.
  intros A. induction d as [|d IH]; intros [|d'] f L L' F; cbn; try lia; try reflexivity.
  apply inline_same with (f := f).
  - apply (acyclicFrom_nth _ 0). exact A.
  - intros h H1 H2. apply IH; lia.
Qed.

(** Inlining unfolds as a call should. *)
Theorem inline_unfold : acyclic = true -> forall f, f < length (bodies G) ->
  inlineFlow (length (bodies G)) f = inline (inlineFlow (length (bodies G))) (bodyOf f).
Proof.
  intros A f F. rewrite (deep_enough A _ (S (length (bodies G))) f); [reflexivity|lia..].
Qed.

(** * Contexts *)
Record context := { cmay : list hold; cmust : list hold; creading : list lock }.
Definition nothing := {| cmay := []; cmust := []; creading := [] |}.

Record gcertificate := {
  gwritten : list lock;
  entered : nat -> list context;
  geliminations : list elimination;
  gleft : list point;
  gorder : lock -> nat
}.

Variable C : gcertificate.

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

Definition pointAt (c : context) (h : hold) : point :=
  {| may := filter (fun x => memb (fst x) (gwritten C) && negb (fst x =? fst h)) (cmay c); must := cmust c; want := h |}.

Definition point_eqb (p q : point) : bool :=
  hold_eqb (want p) (want q) && forallb (holdsAlready (may q)) (may p)
  && forallb (fun h => existsb (hold_eqb h) (must p)) (must q).

(** Whether [q] says no more than [p]: what [p] covers [q] covers. *)
Definition allPoints := map who (geliminations C) ++ gleft C.

Definition enter (c : context) (h : hold) : context :=
  {| cmay := h :: cmay c; cmust := h :: cmust c;
     creading := if holdsAlready (cmust c) (fst h, R) then creading c
                 else match snd h with R => fst h :: creading c | W => creading c end |}.

Definition takes (c : context) (h : hold) : bool :=
  match snd h with R => true | W => memb (fst h) (gwritten C) && negb (memb (fst h) (creading c)) end
  && (holdsAlready (cmust c) h || negb (memb (fst h) (gwritten C))
      || existsb (point_eqb (pointAt c h)) allPoints).

Fixpoint takesAll (c : context) (hs : list hold) : bool :=
  match hs with [] => true | h :: rest => takes c h && takesAll (enter c h) rest end.
Definition enterAll (c : context) (hs : list hold) : context := fold_left enter hs c.

Fixpoint walk (c : context) (g : gprog) : bool :=
  match g with
  | GSkip | GNode => true
  | GCall f => existsb (fun d => wider d c) (entered C f)
  | GSeq p q | GBranch p q => walk c p && walk c q
  | GRegion hs p => let own := inOrder (lockRank G) hs in takesAll c own && walk (enterAll c own) p
  end.

Fixpoint walkFlows (f : nat) (gs : list gprog) : bool :=
  match gs with [] => true | g :: rest => forallb (fun c => walk c g) (entered C f) && walkFlows (S f) rest end.

Definition checkGraph : bool :=
  acyclic
  && walkFlows 0 (bodies G)
  && forallb (fun f => (f <? length (bodies G)) && existsb (fun d => wider d nothing) (entered C f)) (roots G)
  && forallb (fun hs => takesAll nothing (inOrder (lockRank G) hs)) (regions G)
  && forallb (fun p => negb (upgrades p)) allPoints
  && checkSteps lockFacts allPoints (geliminations C) (gleft C)
  && forallb (rises (gorder C)) (gleft C).

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

Lemma enter_describes c H h : describes c H -> takes c h = true -> describes (enter c h) (h :: H).
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

Definition covered (x : place) : Prop :=
  (forall l, In (l, W) (snd x :: fst x) -> In l (gwritten C)) /\
  (memb (fst (snd x)) (gwritten C) = true ->
     exists p, In p allPoints /\ covers (gwritten C) p x = true).

Lemma takes_covered c H h x : describes c H -> takes c h = true -> In x (placesOf H h) -> covered x.
Proof.
  intros De T I. unfold placesOf in I. destruct (holdsAlready H h) eqn:Al; [destruct I|].
  destruct I as [<-|[]]. pose proof De as [A [B [D E]]]. unfold takes in T. apply andb_true_iff in T. destruct T as [T1 T2].
  destruct h as [l m]. split; cbn [fst snd].
  - intros l1 [X|X]; [|auto]. inversion X; subst. cbn in T1. apply andb_true_iff in T1. destruct T1 as [T1 _].
    now apply memb_in.
  - intros Wr. cbn [fst snd] in T2. rewrite Wr in T2. rewrite orb_false_r in T2.
    destruct (holdsAlready (cmust c) (l, m)) eqn:M.
    { rewrite (must_already _ _ _ De M) in Al. discriminate. }
    cbn in T2. apply existsb_exists in T2. destruct T2 as [p [Ip Eq]]. exists p. split; [assumption|].
    assert (No : forall m1, ~ In (l, m1) H).
    { intros m1 I1. destruct m.
      - assert (X : holdsAlready H (l, R) = true) by (apply already_read; eauto). congruence.
      - destruct (in_dec hold_dec (l, W) H) as [Iw|Nw].
        + assert (X : holdsAlready H (l, W) = true); [|congruence]. apply existsb_exists. exists (l, W).
          split; [assumption|]. cbn. now rewrite Nat.eqb_refl.
        + destruct m1; [|contradiction]. specialize (D l I1 Nw). cbn in T1. apply andb_true_iff in T1.
          destruct T1 as [_ T1]. apply negb_true_iff in T1. apply memb_in in D. congruence. }
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

Lemma takesAll_covered hs : forall c H, describes c H -> takesAll c hs = true ->
  (forall x, In x (acquirePlaces H hs) -> covered x) /\ describes (enterAll c hs) (rev hs ++ H).
Proof.
  induction hs as [|h hs IH]; intros c H De T; cbn in *; [split; [intros x []|assumption]|].
  apply andb_true_iff in T. destruct T as [T1 T2].
  destruct (IH (enter c h) (h :: H) (enter_describes _ _ _ De T1) T2) as [A B]. split.
  - intros x I. apply in_app_or in I. destruct I as [I|I]; [|auto]. exact (takes_covered _ _ _ _ De T1 I).
  - rewrite <- app_assoc. exact B.
Qed.

Lemma walk_covered env : (forall f c H, In c (entered C f) -> describes c H ->
    forall x, In x (progPlaces programOf H (env f)) -> covered x) ->
  forall g c H, describes c H -> walk c g = true ->
    forall x, In x (progPlaces programOf H (inline env g)) -> covered x.
Proof.
  intros Env. induction g; intros c H De Wk x I; cbn in *; try contradiction.
  - apply existsb_exists in Wk. destruct Wk as [d [Id Wi]]. eapply Env; eauto. eapply wider_describes; eauto.
  - apply andb_true_iff in Wk. destruct Wk. apply in_app_or in I. destruct I; eauto.
  - apply andb_true_iff in Wk. destruct Wk. apply in_app_or in I. destruct I; eauto.
  - apply andb_true_iff in Wk. destruct Wk as [T Wk]. destruct (takesAll_covered _ _ _ De T) as [A B].
    apply in_app_or in I. destruct I as [I|I]; [auto|]. eapply IHg; eauto.
Qed.

Lemma walkFlows_nth : forall gs k f c, walkFlows k gs = true -> In c (entered C (k + f)) ->
  f < length gs -> walk c (nth f gs GSkip) = true.
Proof.
  induction gs as [|g gs IH]; intros k f c Wk I L; [cbn in L; lia|]. cbn in Wk. apply andb_true_iff in Wk.
  destruct Wk as [A B]. destruct f; cbn [nth].
  - rewrite Nat.add_0_r in I. rewrite forallb_forall in A. auto.
  - apply IH with (k := S k); auto; [|cbn in L; lia]. now rewrite Nat.add_succ_comm.
Qed.

Lemma flow_covered : walkFlows 0 (bodies G) = true -> forall d f c H, In c (entered C f) -> describes c H ->
  forall x, In x (progPlaces programOf H (inlineFlow d f)) -> covered x.
Proof.
  intros Wk. induction d as [|d IH]; intros f c H I De x Ix; cbn in Ix; [contradiction|].
  destruct (Nat.lt_ge_cases f (length (bodies G))) as [L|L].
  - eapply walk_covered; eauto. unfold bodyOf. apply (walkFlows_nth _ 0); auto.
  - unfold bodyOf in Ix. rewrite nth_overflow in Ix by assumption. destruct Ix.
Qed.

Theorem checkGraph_sound : checkGraph = true -> forall s, reachable programOf s -> ~ deadlock programOf s.
Proof.
  unfold checkGraph. rewrite !andb_true_iff. intros [[[[[[Ac Wk] Ro] Ha] Up] St] Ri].
  rewrite forallb_forall in Ro, Ha.
  assert (Cov : forall x, In x (places programOf) -> covered x).
  { intros x I. apply in_flat_map in I. destruct I as [f [If Ix]]. apply in_map_iff in If.
    destruct If as [k [<- Ik]]. unfold flowPlaces in Ix. cbn [body handlers] in Ix. apply in_app_or in Ix.
    destruct Ix as [Ix|Ix].
    - specialize (Ro k Ik). apply andb_true_iff in Ro. destruct Ro as [_ Ro]. apply existsb_exists in Ro.
      destruct Ro as [d [Id Wi]]. eapply flow_covered; eauto. eapply wider_describes; [exact Wi|]. apply nothing_describes.
    - apply in_flat_map in Ix. destruct Ix as [hs [Ih Ix]]. specialize (Ha hs Ih).
      exact (proj1 (takesAll_covered _ _ _ nothing_describes Ha) x Ix). }
  assert (Sub : forall l, In l (written programOf) -> In l (gwritten C)).
  { intros l I. unfold written in I. apply in_flat_map in I. destruct I as [x [Ix I]]. apply in_map_iff in I.
    destruct I as [[l1 m1] [<- I]]. apply filter_In in I. destruct I as [I M]. destruct m1; [discriminate|].
    exact (proj1 (Cov x Ix) l1 I). }
  eapply cover_sound; [|exact Up|exact St|exact Ri]. intros x Ix Wr.
  destruct (proj2 (Cov x Ix)) as [p [Ip Cp]].
  { apply memb_in. apply Sub. now apply memb_in. }
  exists p. split; [exact Ip|]. unfold covers in *. rewrite !andb_true_iff in *. destruct Cp as [[A B] D].
  split; [split|]; auto. rewrite forallb_forall in *. intros h Ih. specialize (A h Ih).
  destruct (memb (fst h) (written programOf)) eqn:M; [|reflexivity].
  assert (X : memb (fst h) (gwritten C) = true) by (apply memb_in, Sub; now apply memb_in).
  rewrite X in A. exact A.
Qed.

Theorem checkGraph_can_finish : checkGraph = true ->
  forall s, reachable programOf s -> exists s', runs programOf s s' /\ finished s'.
Proof. intros Ck. apply can_finish. now apply checkGraph_sound. Qed.
End WithGraph.
Print Assumptions checkGraph_can_finish.
