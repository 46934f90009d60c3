(** Handlers that no error reaches, without inlining: the checker follows how many flows of each handler's way are
    running, at least and at most. LockContexts.cpp, [visitHandlers], asks ReachableHandlers.cpp for the same. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Graph.

Section WithGraph.
Variable G : graph.
Variable C : gcertificate.

(** Of the handlers of [f], [n] being the place of the first of [hs], none that is idle may take its errors. *)
Fixpoint answersWell (f : function) (n : nat) (hs : list (function * handler)) (bs : list (nat * nat)) : bool :=
  match hs, bs with
  | [], _ => true
  | _, [] => false
  | (g, h) :: hs, (least, most) :: bs =>
      if g =? f
      then ((most <? length (way h)) || negb (idle C n))
           && ((length (way h) <=? least) || answersWell f (S n) hs bs)
      else answersWell f (S n) hs bs
  end.

(** Whether none of them is certain to take its errors. *)
Fixpoint passes (f : function) (hs : list (function * handler)) (bs : list (nat * nat)) : bool :=
  match hs, bs with
  | (g, h) :: hs, (least, _) :: bs => negb ((g =? f) && (length (way h) <=? least)) && passes f hs bs
  | _, _ => true
  end.

(** Whether what runs inside of [f], entered where [bs] is known, is within [inner]. *)
Fixpoint within (f : function) (hs : list (function * handler)) (bs inner : list (nat * nat)) : bool :=
  match hs, bs, inner with
  | [], _, _ => true
  | (_, h) :: hs, (least, most) :: bs, (low, high) :: inner =>
      (low <=? advance (way h) f least) && (advance (way h) f most <=? high) && within f hs bs inner
  | _, _, _ => false
  end.

(** A call of [f]: its errors, if it has any, and what it is entered with. *)
Definition callsWell (flows : nat) (bs : list (nat * nat)) (f : function) : bool :=
  if f <? flows
  then within f (handlers G) bs (bounds C f) && (negb (failing C f) || answersWell f 0 (handlers G) bs)
  else answersWell f 0 (handlers G) bs.

Fixpoint runsWell (flows : nat) (bs : list (nat * nat)) (g : gprog) : bool :=
  match g with
  | GSkip | GNoMatch => true
  | GCall f => callsWell flows bs f
  | GSeq p q | GBranch p q => runsWell flows bs p && runsWell flows bs q
  | GRegion _ p => runsWell flows bs p
  end.

(** Whether an error may leave [g]. *)
Fixpoint mayFail (flows : nat) (bs : list (nat * nat)) (g : gprog) : bool :=
  match g with
  | GSkip => false
  | GNoMatch => true
  | GCall f => (negb (f <? flows) || failing C f) && passes f (handlers G) bs
  | GSeq p q | GBranch p q => mayFail flows bs p || mayFail flows bs q
  | GRegion _ p => mayFail flows bs p
  end.

Fixpoint flowsRunWell (flows : nat) (f : function) (gs : list gprog) : bool :=
  match gs with
  | [] => true
  | g :: rest => runsWell flows (bounds C f) g && (failing C f || negb (mayFail flows (bounds C f) g))
                 && flowsRunWell flows (S f) rest
  end.

Definition outside : list (nat * nat) := map (fun _ => (0, 0)) (handlers G).

(** Most programs have no handler that is said to be idle, and then there is nothing to show. *)
Definition idleNotReached : bool :=
  forallb (fun n => negb (idle C n)) (seq 0 (length (handlers G)))
  || (let flows := length (bodies G) in
      flowsRunWell flows 0 (bodies G) && forallb (callsWell flows outside) (roots G)).

(** * Soundness *)
Definition busy (h : handler) : Prop := exists n f, nth_error (handlers G) n = Some (f, h) /\ idle C n = false.

(** What [bs] says of the flows that are running. *)
Definition known (stack : list function) (e : function * handler) (b : nat * nat) : Prop :=
  fst b <= progress (way (snd e)) stack <= snd b.

(** As far as the lists go: [answersWell] and [within] refuse those that are too short. *)
Inductive bounded (stack : list function) : list (function * handler) -> list (nat * nat) -> Prop :=
| BEnd bs : bounded stack [] bs
| BShort hs : bounded stack hs []
| BNext e b hs bs : known stack e b -> bounded stack hs bs -> bounded stack (e :: hs) (b :: bs).

Lemma progress_le w stack : progress w stack <= length w.
Proof.
  induction stack as [|f stack IH]; cbn; [lia|]. unfold advance.
  destruct (nth_error w (progress w stack)) as [g|] eqn:E; [|assumption].
  assert (progress w stack < length w) by (apply nth_error_Some; congruence). destruct (g =? f); lia.
Qed.

Lemma advance_mono w f a b : a <= b -> advance w f a <= advance w f b.
Proof.
  intros L. assert (X : forall k, k <= advance w f k <= S k).
  { intros k. unfold advance. destruct (nth_error w k) as [g|]; [destruct (g =? f)|]; lia. }
  destruct (Nat.eq_dec a b) as [->|N]; [lia|]. pose proof (X a). pose proof (X b). lia.
Qed.

Lemma outside_bounded hs : bounded [] hs (map (fun _ => (0, 0)) hs).
Proof. induction hs as [|e hs IH]; cbn; constructor; [unfold known; cbn; lia|assumption]. Qed.

Lemma within_bounded f stack : forall hs bs inner, bounded stack hs bs -> within f hs bs inner = true ->
  bounded (f :: stack) hs inner.
Proof.
  induction hs as [|[g h] hs IH]; intros bs inner B W; [constructor|]. cbn in W.
  destruct bs as [|[least most] bs]; [discriminate|]. destruct inner as [|[low high] inner]; [constructor|].
  inversion B as [| |? ? ? ? K B']; subst. rewrite !andb_true_iff, !Nat.leb_le in W. destruct W as [[W1 W2] W3].
  constructor; [|eauto]. unfold known in *. cbn [fst snd] in *. cbn [progress].
  pose proof (advance_mono (way h) f least (progress (way h) stack)).
  pose proof (advance_mono (way h) f (progress (way h) stack) most). lia.
Qed.

Lemma found_busy f stack : forall hs bs n h, bounded stack hs bs -> answersWell f n hs bs = true ->
  find (applies stack) (handlersFor f hs) = Some h ->
  exists k, nth_error hs k = Some (f, h) /\ idle C (n + k) = false.
Proof.
  induction hs as [|[g k] hs IH]; intros bs n h B A F; [discriminate|]. cbn in A.
  destruct bs as [|[least most] bs]; [discriminate|]. inversion B as [| |? ? ? ? K B']; subst.
  assert (Next : answersWell f (S n) hs bs = true -> find (applies stack) (handlersFor f hs) = Some h ->
    exists k0, nth_error ((g, k) :: hs) k0 = Some (f, h) /\ idle C (n + k0) = false).
  { intros A' F'. destruct (IH _ _ _ B' A' F') as [i [E N]]. exists (S i). split; [assumption|].
    now rewrite <- Nat.add_succ_comm. }
  unfold handlersFor in F. cbn [filter fst] in F. destruct (g =? f) eqn:E; [|now apply Next].
  apply Nat.eqb_eq in E. subst g. cbn [map snd find] in F. apply andb_true_iff in A. destruct A as [A1 A2].
  unfold known in K. cbn [fst snd] in K. pose proof (progress_le (way k) stack) as Le.
  destruct (applies stack k) eqn:Ap.
  - inversion F; subst k. unfold applies in Ap. apply Nat.eqb_eq in Ap. exists 0. split; [reflexivity|].
    rewrite Nat.add_0_r. apply orb_true_iff in A1. destruct A1 as [A1|A1].
    + apply Nat.ltb_lt in A1. lia.
    + now apply negb_true_iff in A1.
  - apply Next; [|assumption]. apply orb_true_iff in A2. destruct A2 as [A2|A2]; [|assumption].
    apply Nat.leb_le in A2. unfold applies in Ap. apply Nat.eqb_neq in Ap. lia.
Qed.

Lemma none_passes f stack : forall hs bs, bounded stack hs bs ->
  find (applies stack) (handlersFor f hs) = None -> passes f hs bs = true.
Proof.
  induction hs as [|[g h] hs IH]; intros bs B F; [reflexivity|]. destruct bs as [|[least most] bs]; [reflexivity|].
  cbn [passes]. inversion B as [| |? ? ? ? K B']; subst. unfold handlersFor in F. cbn [filter fst] in F.
  destruct (g =? f) eqn:E; cbn [andb negb]; [|now apply IH]. cbn [map snd find] in F.
  destruct (applies stack h) eqn:Ap; [discriminate|]. unfold known in K. cbn [fst snd] in K.
  pose proof (progress_le (way h) stack). unfold applies in Ap. apply Nat.eqb_neq in Ap.
  rewrite (proj2 (Nat.leb_gt _ _)) by lia. cbn [negb andb]. now apply IH.
Qed.

Notation P := (programOf G).
Notation flowCount := (length (bodies G)).

(** No error of [p] within [stack] finds an idle handler. *)
Fixpoint calm (stack : list function) (p : prog) : Prop :=
  match p with
  | Skip => True
  | Node _ | NoMatch => forall h, takenBy P p stack = Some h -> busy h
  | Seq p q | Branch p q => calm stack p /\ calm stack q
  | Region _ p => calm stack p
  | Call f p => calm (f :: stack) p
  end.

(** Nor does one that leaves the innermost flow of [stack]. *)
Definition calmAround (stack : list function) : Prop := forall h, takenBy P NoMatch stack = Some h -> busy h.

Lemma raise_busy f stack bs : bounded stack (handlers G) bs -> answersWell f 0 (handlers G) bs = true ->
  (passes f (handlers G) bs = true -> calmAround stack) -> forall h, raise P f stack = Some h -> busy h.
Proof.
  intros B A Around h Ra. destruct (find (applies stack) (handlersOf P f)) as [k|] eqn:F.
  - assert (X : raise P f stack = Some k) by (destruct stack; cbn [raise]; now rewrite F). rewrite X in Ra.
    inversion Ra; subst k. destruct (found_busy _ _ _ _ 0 _ B A F) as [n [E N]]. exists n, f. auto.
  - apply Around; [now apply none_passes with stack|]. destruct stack as [|g outer]; cbn [raise] in Ra; rewrite F in Ra.
    + discriminate.
    + exact Ra.
Qed.

Definition entersCalmly stack bs (f : function) (p : prog) : Prop := callsWell flowCount bs f = true ->
  ((negb (f <? flowCount) || failing C f) && passes f (handlers G) bs = true -> calmAround stack) -> calm stack p.

Lemma body_calm env stack bs : (forall f, entersCalmly stack bs f (env f)) ->
  forall g, runsWell flowCount bs g = true -> (mayFail flowCount bs g = true -> calmAround stack) ->
  calm stack (inline env g).
Proof.
  intros Env. induction g; cbn [inline runsWell mayFail calm]; intros Ru Ar; auto.
  - exact (Ar eq_refl).
  - apply Env; assumption.
  - apply andb_true_iff in Ru. destruct Ru. split; [apply IHg1|apply IHg2]; auto; intros M; apply Ar; rewrite M;
      [reflexivity|apply orb_true_r].
  - apply andb_true_iff in Ru. destruct Ru. split; [apply IHg1|apply IHg2]; auto; intros M; apply Ar; rewrite M;
      [reflexivity|apply orb_true_r].
Qed.

Lemma flowsRunWell_nth : forall gs k f, flowsRunWell flowCount k gs = true -> f < length gs ->
  runsWell flowCount (bounds C (k + f)) (nth f gs GSkip) = true /\
  (mayFail flowCount (bounds C (k + f)) (nth f gs GSkip) = true -> failing C (k + f) = true).
Proof.
  induction gs as [|g gs IH]; intros k f Ru L; [cbn in L; lia|]. cbn in Ru. rewrite !andb_true_iff in Ru.
  destruct Ru as [[A B] D]. destruct f; cbn [nth].
  - rewrite Nat.add_0_r. split; [assumption|]. intros M. rewrite M in B. now rewrite orb_false_r in B.
  - rewrite <- Nat.add_succ_comm. apply IH; [assumption|]. cbn in L. lia.
Qed.

Lemma function_calm : flowsRunWell flowCount 0 (bodies G) = true -> forall d stack bs f,
  bounded stack (handlers G) bs -> entersCalmly stack bs f (inlineFunction G d f).
Proof.
  intros Ru. induction d as [|d IH]; intros stack bs f B Ca Ar; unfold callsWell in Ca;
    cbn [inlineFunction]; unfold isFlow; destruct (f <? flowCount) eqn:L; cbn [calm negb orb andb] in *; auto.
  - intros h T. exact (raise_busy f stack bs B Ca Ar h T).
  - apply andb_true_iff in Ca. destruct Ca as [Wi An].
    destruct (flowsRunWell_nth _ 0 f Ru (proj1 (Nat.ltb_lt _ _) L)) as [A M]. cbn [plus] in A, M. fold (bodyOf G f) in A, M.
    pose proof (within_bounded _ _ _ _ _ B Wi) as Bi.
    eapply body_calm; [|exact A|].
    + intros g. apply IH. exact Bi.
    + intros Mf h T. cbn [takenBy] in T. specialize (M Mf). rewrite M in An, Ar. cbn [negb orb andb] in An, Ar.
      exact (raise_busy f stack bs B An Ar h T).
  - intros h T. exact (raise_busy f stack bs B Ca Ar h T).
Qed.

Lemma find_in f stack h : find (applies stack) (handlersOf P f) = Some h ->
  exists n, nth_error (handlers G) n = Some (f, h).
Proof.
  intros F. apply find_some in F. destruct F as [I _]. cbn in I. unfold handlersFor in I. apply in_map_iff in I.
  destruct I as [[g k] [E I]]. cbn in E. subst k. apply filter_In in I. destruct I as [I Eg]. cbn in Eg.
  apply Nat.eqb_eq in Eg. subst g. now apply In_nth_error.
Qed.

Lemma raise_in : forall stack f h, raise P f stack = Some h -> exists n g, nth_error (handlers G) n = Some (g, h).
Proof.
  induction stack as [|g outer IH]; intros f h Ra; cbn [raise] in Ra;
    destruct (find _ (handlersOf P f)) eqn:F; try discriminate; eauto;
    inversion Ra; subst; destruct (find_in _ _ _ F); eauto.
Qed.

Lemma all_busy : (forall n, n < length (handlers G) -> idle C n = false) -> forall p stack, calm stack p.
Proof.
  intros No. assert (B : forall stack f h, raise P f stack = Some h -> busy h).
  { intros stack f h Ra. destruct (raise_in _ _ _ Ra) as [n [g E]]. exists n, g. split; [assumption|]. apply No.
    apply nth_error_Some. congruence. }
  induction p; intros stack; cbn [calm]; auto; intros h T; cbn [takenBy] in T; eauto.
  destruct stack as [|g outer]; [discriminate|]. eauto.
Qed.

(** Where this holds, errors find only handlers that count. *)
Theorem idleNotReached_calm : idleNotReached = true ->
  forall f, In f (roots G) -> calm [] (inlineFunction G flowCount f).
Proof.
  unfold idleNotReached. rewrite orb_true_iff, andb_true_iff. intros [No|[Ru Ro]] f I.
  - apply all_busy. intros n L. rewrite forallb_forall in No. specialize (No n). rewrite negb_true_iff in No.
    apply No, in_seq. lia.
  - rewrite forallb_forall in Ro. eapply function_calm; eauto; [apply outside_bounded|]. intros _ h T. discriminate.
Qed.
End WithGraph.
