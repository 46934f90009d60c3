(** The checker of flux-check, and what is true of all that it accepts. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Sound Finish Graph Contexts Handlers.

Section WithGraph.
Variable G : graph.
Variable C : gcertificate.

(** What handlers that are not idle take, holding nothing; [n] is the place of the first of [hs]. *)
Fixpoint handlersTake (points n : nat) (hs : list (function * handler)) : bool :=
  match hs with
  | [] => true
  | (_, h) :: rest => (idle C n || takesAll C points nothing (inOrder (lockRank G) (region h)))
                      && handlersTake points (S n) rest
  end.

Definition checkGraph : bool :=
  let flows := length (bodies G) in
  let points := countPoints C in
  let all := allPoints C in
  acyclic G
  && walkFlows G C flows points 0 (bodies G)
  && forallb (entersRoot C flows) (roots G)
  && handlersTake points 0 (handlers G)
  && idleNotReached G C
  && forallb (fun p => negb (upgrades p)) all
  && checkSteps (lockFacts G) all (stepsOf C) (leftPoints C)
  && forallb (rises (lockRank G)) (leftPoints C).

Lemma handlersTake_nth points : forall hs k n f h, handlersTake points k hs = true ->
  nth_error hs n = Some (f, h) -> idle C (k + n) = false ->
  takesAll C points nothing (inOrder (lockRank G) (region h)) = true.
Proof.
  induction hs as [|[g x] hs IH]; intros k n f h T E N; [destruct n; discriminate|]. cbn in T.
  apply andb_true_iff in T. destruct T as [A B]. destruct n as [|n]; cbn in E.
  - inversion E; subst. rewrite Nat.add_0_r in N. rewrite N in A. exact A.
  - eapply IH; eauto. now rewrite Nat.add_succ_comm.
Qed.

Lemma calm_handled : handlersTake (countPoints C) 0 (handlers G) = true ->
  forall p stack, calm G C stack p -> handled C (programOf G) stack p.
Proof.
  intros T. assert (B : forall h, busy G C h -> forall x, In x (handlerPlaces (programOf G) (Some h)) -> covered C x).
  { intros h [n [f [E N]]]. exact (proj1 (takesAll_covered C _ _ _ (nothing_describes C)
      (handlersTake_nth _ _ 0 n f h T E N))). }
  induction p; intros stack Ca; cbn [handled calm] in *; auto; try (destruct Ca; split; auto).
  - intros x I. destruct (takenBy _ _ _) as [h|]; [|destruct I]. eapply B; eauto.
  - intros x I. destruct (takenBy _ _ _) as [h|]; [|destruct I]. eapply B; eauto.
Qed.

Section Accepted.
Hypothesis Accepted : checkGraph = true.

Lemma all_covered x : In x (places (programOf G)) -> covered C x.
Proof.
  pose proof Accepted as A. unfold checkGraph in A. rewrite !andb_true_iff in A.
  destruct A as [[[[[[[_ Wk] Ro] Ha] Id] _] _] _]. rewrite forallb_forall in Ro.
  intros I. unfold places in I. cbn [unfollowed programOf flat_map] in I. rewrite app_nil_r in I.
  apply in_flat_map in I. destruct I as [p [Ip Ix]]. apply in_map_iff in Ip. destruct Ip as [f [<- If]].
  eapply function_covered with (c := nothing) (H := []); eauto.
  - reflexivity.
  - apply nothing_describes.
  - specialize (Ro f If). unfold entersRoot in Ro. destruct (f <? length (bodies G)); [|reflexivity]. cbn in *.
    now apply negb_false_iff.
  - apply calm_handled; [assumption|]. now apply idleNotReached_calm.
Qed.

Theorem checkGraph_sound : forall s, reachable (programOf G) s -> ~ deadlock (programOf G) s.
Proof.
  pose proof Accepted as A. unfold checkGraph in A. rewrite !andb_true_iff in A. destruct A as [[[_ Up] St] Ri].
  pose proof all_covered as Cov. rewrite allPoints_split in *.
  assert (Sub : forall l, In l (written (programOf G)) -> In l (gwritten C)).
  { intros l I. unfold written in I. apply in_flat_map in I. destruct I as [x [Ix I]]. apply in_map_iff in I.
    destruct I as [[l1 m1] [<- I]]. apply filter_In in I. destruct I as [I M]. destruct m1; [discriminate|].
    exact (proj1 (Cov x Ix) l1 I). }
  eapply cover_sound; [|exact Up|exact St|exact Ri]. intros x Ix Wr.
  destruct (proj2 (proj2 (Cov x Ix))) as [p [Ip Cp]].
  { apply memb_in. apply Sub. now apply memb_in. }
  rewrite allPoints_split in Ip.
  exists p. split; [exact Ip|]. unfold covers in *. rewrite !andb_true_iff in *. destruct Cp as [[A B] D].
  split; [split|]; auto. rewrite forallb_forall in *. intros h Ih. specialize (A h Ih).
  destruct (memb (fst h) (written (programOf G))) eqn:M; [|reflexivity].
  assert (X : memb (fst h) (gwritten C) = true) by (apply memb_in, Sub; now apply memb_in).
  rewrite X in A. exact A.
Qed.

Theorem checkGraph_can_finish : forall s, reachable (programOf G) s ->
  exists s', runs (programOf G) s s' /\ finished s'.
Proof. apply can_finish. apply checkGraph_sound. Qed.

(** Nobody asks for more than it holds, so that the runtime need not look at modes where a flow holds a lock already. *)
Theorem checkGraph_no_upgrade : forall s t th l m c m', reachable (programOf G) s -> threads s t = Some th ->
  todo th = Acquire (l, m) :: c -> In (l, m') (held th) -> holdsAlready (held th) (l, m) = true.
Proof.
  intros s t th l m c m' Re E T I. destruct (holdsAlready (held th) (l, m)) eqn:A; [reflexivity|exfalso].
  assert (Ip : In (held th, (l, m)) (places (programOf G))).
  { apply (i_code _ _ (invariant_reachable _ _ Re) _ _ E). rewrite T. cbn. unfold placesOf. rewrite A. now left. }
  exact (proj1 (proj2 (all_covered _ Ip)) m' I).
Qed.

(** Constraints are kept: two flows never hold an instance of a lock in modes that conflict. *)
Theorem checkGraph_exclusive : forall s t u th thu i m m', reachable (programOf G) s -> threads s t = Some th ->
  threads s u = Some thu -> t <> u -> holdsInstance (programOf G) th i m -> holdsInstance (programOf G) thu i m' ->
  conflict m m' = false.
Proof. intros s t u th thu i m m' Re. eapply i_excl. now apply invariant_reachable. Qed.
End Accepted.
End WithGraph.
