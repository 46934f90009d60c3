(** That [deadlock] means what it should: whom it catches is never served, and where it never happens every flow can be
    brought to its end. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Sound.

Section WithProgram.
Variable P : program.

(** * A deadlock stays. *)
Lemma blocked_not_granted s D t th l m c rest : invariant P s -> deadlockOf P s D -> In t D ->
  threads s t = Some th -> todo th = Acquire (l, m) :: c ->
  queue s (instanceOf P (session th) l) = (t, m) :: rest -> isFree P s (instanceOf P (session th) l) m -> False.
Proof.
  intros I [_ F] It E T Q Fr.
  destruct (F t It) as [u [_ [th1 [l1 [m1 [c1 [E1 [_ [T1 B]]]]]]]]].
  rewrite E in E1. inversion E1; subst th1. rewrite T in T1. inversion T1; subst l1 m1 c1. cbn in B.
  destruct B as [[thu [m' [Eu [Hu C]]]]|[a [b [d [mu Q1]]]]].
  - rewrite (Fr u thu m' Eu Hu) in C. discriminate.
  - assert (X : [] = a ++ (u, mu) :: b).
    { apply (split_unique t m m) with (d := rest) (d' := d).
      - cbn [app]. rewrite <- Q. apply I.
      - cbn [app]. rewrite <- Q, Q1, <- app_assoc. reflexivity. }
    destruct a; discriminate.
Qed.

Lemma keep_blocked s s' t u : (forall th, threads s t = Some th -> threads s' t = Some th) ->
  (forall th, threads s u = Some th -> threads s' u = Some th) ->
  (forall i a b d mu m, queue s i = a ++ (u, mu) :: b ++ (t, m) :: d ->
     exists a' d', queue s' i = a' ++ (u, mu) :: b ++ (t, m) :: d') ->
  blockedBy P s t u -> blockedBy P s' t u.
Proof.
  intros Kt Ku Kq [th [l [m [c [E [Wt [T B]]]]]]]. exists th, l, m, c.
  split; [auto|]. split; [assumption|]. split; [assumption|]. cbn in *.
  destruct B as [[thu [m' [Eu [Hu C]]]]|[a [b [d [mu Q]]]]].
  - left. exists thu, m'. auto.
  - right. destruct (Kq _ _ _ _ _ _ Q) as [a' [d' Q']]. exists a', b, d', mu. assumption.
Qed.

Theorem deadlock_stays own s s' D : reachable P s -> deadlockOf P s D -> step P own s s' -> deadlockOf P s' D.
Proof.
  intros Re De St. pose proof (invariant_reachable P s Re) as I. split; [apply De|].
  assert (Wait : forall t, In t D -> exists th, threads s t = Some th /\ waiting th = true).
  { intros t It. destruct (proj2 De t It) as [_ [_ [th [_ [_ [_ [E [Wt _]]]]]]]]. eauto. }
  intros t It. destruct (proj2 De t It) as [u [Iu B]]. exists u. split; [assumption|].
  assert (Other : forall x y, In x D -> (exists th, threads s y = Some th /\ waiting th = false) -> x <> y).
  { intros x y Ix [th [E Wf]] ->. destruct (Wait y Ix) as [th' [E' Wt]]. congruence. }
  assert (New : forall x y, In x D -> threads s y = None -> x <> y).
  { intros x y Ix E ->. destruct (Wait y Ix) as [th' [E' Wt]]. congruence. }
  inversion St; subst; clear St; (eapply keep_blocked; [| | |exact B]); cbn [threads queue];
    try (intros th1 E1; rewrite upd_other; [exact E1|]; eauto; fail);
    try (intros i a b d mu m1 Q; exists a, d; exact Q).
  - intros i a b d mu m1 Q. destruct (instance_dec i (instanceOf P (session th) l)) as [->|N].
    + rewrite updq_same, Q. exists a, (d ++ [(t0, m)]). rewrite <- app_assoc. cbn. now rewrite <- app_assoc.
    + rewrite updq_other by assumption. eauto.
  - intros th1 E1. rewrite upd_other; [exact E1|]. intros X. subst t0.
    exact (blocked_not_granted s D t th _ _ _ _ I De It H H1 H2 H3).
  - intros th1 E1. rewrite upd_other; [exact E1|]. intros X. subst t0.
    exact (blocked_not_granted s D u th _ _ _ _ I De Iu H H1 H2 H3).
  - intros i a b d mu m1 Q. destruct (instance_dec i (instanceOf P (session th) l)) as [->|N].
    + rewrite updq_same. rewrite H2 in Q. destruct a as [|x a].
      * exfalso. cbn in Q. injection Q as -> -> ->. exact (blocked_not_granted s D u th _ _ _ _ I De Iu H H1 H2 H3).
      * cbn in Q. inversion Q; subst. eauto.
    + rewrite updq_other by assumption. eauto.
Qed.

(** * Without deadlocks every flow can come to its end. *)
Fixpoint finalHeld (n : nat) (c : list item) : nat :=
  match c with
  | [] => n
  | Run _ :: c => finalHeld n c
  | Acquire _ :: c => finalHeld (S n) c
  | Release k :: c => finalHeld (n - k) c
  | Return _ :: c => finalHeld n c
  end.

Lemma finalHeld_acquire hs : forall n c, finalHeld n (map Acquire hs ++ c) = finalHeld (length hs + n) c.
Proof.
  induction hs as [|h hs IH]; intros n c; cbn; [reflexivity|]. rewrite IH. f_equal. lia.
Qed.

Lemma balanced_local H c H' c' : local P (H, c) (H', c') ->
  finalHeld (length H') c' = finalHeld (length H) c.
Proof.
  intros L. inversion L; subst; cbn; try reflexivity.
  - unfold regionCode. rewrite finalHeld_acquire. cbn. f_equal. lia.
  - now rewrite skipn_length.
Qed.

Lemma balanced_handler taken : finalHeld 0 (handlerCode P taken) = 0.
Proof.
  destruct taken as [h|]; [|reflexivity]. cbn. unfold regionCode. rewrite finalHeld_acquire. cbn. lia.
Qed.

Definition balanced s := forall t th, threads s t = Some th -> finalHeld (length (held th)) (todo th) = 0.

Lemma balanced_step own s s' : balanced s -> step P own s s' -> balanced s'.
Proof.
  intros Ba St. inversion St; subst; intros u thu E; cbn [threads] in E;
    (destruct (Nat.eq_dec u t) as [->|N];
     [rewrite upd_same in E; inversion E; subst; cbn|rewrite upd_other in E by assumption; eapply Ba; eauto]).
  - reflexivity.
  - erewrite balanced_local; eauto.
  - apply balanced_handler.
  - unfold regionCode. rewrite finalHeld_acquire. cbn. lia.
  - apply balanced_handler.
  - reflexivity.
  - eauto.
  - specialize (Ba t th H). rewrite H1 in Ba. exact Ba.
  - specialize (Ba t th H). rewrite H1 in Ba. exact Ba.
Qed.

Lemma balanced_reachable s : reachable P s -> balanced s.
Proof.
  induction 1; [intros t th E; discriminate|]. eapply balanced_step; eauto.
Qed.

Definition supported s ts := forall t th, threads s t = Some th -> In t ts.

Lemma finite s : reachable P s -> exists ts, supported s ts.
Proof.
  induction 1 as [|own s s' Re [ts Su] St]; [exists []; intros t th E; discriminate|].
  inversion St; subst; exists (t :: ts); intros u thu E; cbn [threads] in E;
    (destruct (Nat.eq_dec u t) as [->|N]; [now left|rewrite upd_other in E by assumption; right; eapply Su; eauto]).
Qed.

Definition isFreeb s ts i m : bool := forallb (fun u =>
  match threads s u with
  | None => true
  | Some th => forallb (fun h => negb (instance_eqb (instanceOf P (session th) (fst h)) i && conflict m (snd h))) (held th)
  end) ts.

Lemma forallb_false {A} (f : A -> bool) l : forallb f l = false -> exists x, In x l /\ f x = false.
Proof.
  induction l as [|a l IH]; cbn; [discriminate|]. intros E. apply andb_false_iff in E. destruct E as [E|E].
  - exists a. auto.
  - destruct (IH E) as [x [I F]]. exists x. auto.
Qed.

Lemma isFreeb_true s ts i m : supported s ts -> isFreeb s ts i m = true -> isFree P s i m.
Proof.
  intros Su F u th m' E [l [I Ei]]. unfold isFreeb in F. rewrite forallb_forall in F.
  specialize (F u (Su u th E)). rewrite E in F. rewrite forallb_forall in F. specialize (F _ I). cbn in F.
  apply negb_true_iff, andb_false_iff in F. destruct F as [F|F]; [|assumption].
  assert (instance_eqb (instanceOf P (session th) l) i = true) by now apply instance_eqb_eq. congruence.
Qed.

Lemma isFreeb_false s ts i m : isFreeb s ts i m = false ->
  exists u th m', In u ts /\ threads s u = Some th /\ holdsInstance P th i m' /\ conflict m m' = true.
Proof.
  intros F. apply forallb_false in F. destruct F as [u [Iu F]]. destruct (threads s u) as [th|] eqn:E; [|discriminate].
  apply forallb_false in F. destruct F as [[l m'] [I F]]. cbn in F. apply negb_false_iff, andb_true_iff in F.
  destruct F as [F1 F2]. apply instance_eqb_eq in F1. exists u, th, m'. repeat split; auto.
  - exists l. auto.
Qed.

Lemma moves s t th : threads s t = Some th -> waiting th = false -> todo th <> [] -> exists s', step P true s s'.
Proof.
  intros E Wf N. destruct (todo th) as [|[p|[l m]|k|f] c] eqn:T; [contradiction| | | |].
  - destruct p; try (eexists; eapply SLocal; eauto; rewrite T; constructor).
    eexists. eapply SNoMatch; eauto.
  - destruct (holdsAlready (held th) (l, m)) eqn:A.
    + eexists. eapply SLocal; eauto. rewrite T. now apply LReenter.
    + eexists. eapply SRequest; eauto.
  - eexists. eapply SLocal; eauto. rewrite T. constructor.
  - eexists. eapply SLocal; eauto. rewrite T. constructor.
Qed.

Definition finished s := forall t th, threads s t = Some th -> todo th = [].

Lemma list_choice {A} (X Y : A -> Prop) l : (forall x, In x l -> X x \/ Y x) ->
  (exists x, In x l /\ X x) \/ (forall x, In x l -> Y x).
Proof.
  induction l as [|a l IH]; intros F; [right; intros x []|].
  destruct (F a (or_introl eq_refl)) as [Xa|Ya]; [left; exists a; split; [now left|assumption]|].
  destruct IH as [[x [I Xx]]|All]; [intros x I; apply F; now right| |].
  - left. exists x. split; [now right|assumption].
  - right. intros x [<-|I]; auto.
Qed.

Theorem progress s : reachable P s -> ~ deadlock P s -> finished s \/ exists s', step P true s s'.
Proof.
  intros Re No. pose proof (invariant_reachable P s Re) as I. pose proof (balanced_reachable s Re) as Ba.
  destruct (finite s Re) as [ts Su].
  destruct (list_choice (fun t => exists th, threads s t = Some th /\ waiting th = false /\ todo th <> [])
    (fun t => forall th, threads s t = Some th -> waiting th = true \/ todo th = []) ts) as [[t [_ [th [E [Wf N]]]]]|All].
  { intros t _. destruct (threads s t) as [th|]; [|right; intros; discriminate].
    destruct (waiting th) eqn:Wt.
    - right. intros th' E. inversion E; subst. now left.
    - destruct (todo th) eqn:T.
      + right. intros th' E. inversion E; subst. now right.
      + left. exists th. rewrite T. repeat split; auto. discriminate. }
  { right. eapply moves; eauto. }
  set (D := filter (fun t => match threads s t with Some th => waiting th | None => false end) ts).
  assert (InD : forall t th, threads s t = Some th -> waiting th = true -> In t D).
  { intros t th E Wt. apply filter_In. split; [eapply Su; eauto|]. now rewrite E. }
  destruct (list_choice (fun _ => exists s', step P true s s')
    (fun t => exists u, In u D /\ blockedBy P s t u) D) as [[_ [_ St]]|Blocked].
  { intros t It. apply filter_In in It. destruct It as [_ Wt]. destruct (threads s t) as [th|] eqn:E; [|discriminate].
    destruct (i_wait _ _ I _ _ E Wt) as [l [m [c [T [_ Q]]]]].
    apply in_split in Q. destruct Q as [a [d Q]]. destruct a as [|[u mu] a].
    - destruct (isFreeb s ts (instanceOf P (session th) l) m) eqn:Fr.
      + left. eexists. eapply SGrant; eauto. eapply isFreeb_true; eauto.
      + right. apply isFreeb_false in Fr. destruct Fr as [u [thu [m' [Iu [Eu [Hu C]]]]]]. exists u. split.
        * destruct (All u Iu thu Eu) as [Wu|Tu]; [exact (InD u thu Eu Wu)|]. exfalso.
          specialize (Ba u thu Eu). rewrite Tu in Ba. cbn in Ba. destruct Hu as [l1 [I1 _]].
          destruct (held thu); [destruct I1|discriminate].
        * exists th, l, m, c. split; [assumption|]. split; [assumption|]. split; [assumption|]. left. exists thu, m'. auto.
    - right. exists u. destruct (i_queue _ _ I u mu (instanceOf P (session th) l)) as [thu [l1 [c1 [Eu [Wu _]]]]].
      { rewrite Q. now left. }
      split; [exact (InD u thu Eu Wu)|]. exists th, l, m, c. split; [assumption|]. split; [assumption|]. split; [assumption|].
      right. exists [], a, d, mu. exact Q. }
  { now right. }
  destruct D as [|t D'] eqn:ED.
  - left. intros t th E. destruct (All t (Su t th E) th E) as [Wt|T]; [|assumption].
    destruct (InD t th E Wt).
  - exfalso. apply No. exists D. subst D. rewrite ED. split; [discriminate|]. exact Blocked.
Qed.

(** Every own step uses something up. *)
Definition handlerSize (taken : option handler) : nat :=
  match taken with Some h => 1 + 2 * length (region h) | None => 0 end.
Fixpoint size (stack : list function) (p : prog) : nat :=
  match p with
  | Skip | Node _ => 1
  | NoMatch => S (handlerSize (takenBy P p stack))
  | Seq p q | Branch p q => S (size stack p + size stack q)
  | Region hs p => 2 + 2 * length hs + size stack p
  | Call f p => 2 + size (f :: stack) p
  end.
Fixpoint weight (c : list item) : nat :=
  match c with
  | [] => 0
  | Run p :: c => size (stackOf c) p + weight c
  | Acquire _ :: c => 2 + weight c
  | Release _ :: c | Return _ :: c => 1 + weight c
  end.
Definition threadWeight th := weight (todo th) - (if waiting th then 1 else 0).

Lemma insert_length h : forall hs, length (insert (rank P) h hs) <= S (length hs).
Proof.
  induction hs as [|x hs IH]; cbn [insert length]; [lia|]. destruct (fst x =? fst h); cbn [length]; [lia|].
  destruct (rank P (fst h) <? rank P (fst x)); cbn [length]; lia.
Qed.
Lemma inOrder_length hs : length (inOrder (rank P) hs) <= length hs.
Proof.
  induction hs as [|h hs IH]; cbn; [lia|]. pose proof (insert_length h (inOrder (rank P) hs)). unfold inOrder in *. cbn in *. lia.
Qed.
Lemma weight_region hs inner c :
  weight (regionCode hs inner c) = 2 * length hs + weight (inner ++ Release (length hs) :: c).
Proof.
  unfold regionCode. generalize (inner ++ Release (length hs) :: c). intros rest. induction hs; cbn in *; lia.
Qed.
Lemma weight_handler taken : weight (handlerCode P taken) <= handlerSize taken.
Proof.
  destruct taken as [h|]; [|cbn; lia]. cbn [handlerCode handlerSize]. rewrite weight_region. cbn.
  pose proof (inOrder_length (region h)). lia.
Qed.

Lemma local_weight H c H' c' : local P (H, c) (H', c') -> weight c' < weight c.
Proof.
  intros L. inversion L; subst; cbn [weight size stackOf].
  all: try lia.
  - rewrite weight_region. cbn [weight app stackOf]. pose proof (inOrder_length hs). lia.
Qed.

Definition weightAt s t := match threads s t with Some th => threadWeight th | None => 0 end.
Fixpoint total s ts := match ts with [] => 0 | t :: ts => weightAt s t + total s ts end.

Lemma total_less s t th th' q : threads s t = Some th -> threadWeight th' < threadWeight th ->
  forall ts, In t ts -> total {| threads := upd (threads s) t (Some th'); queue := q |} ts < total s ts.
Proof.
  intros E L. set (s' := {| threads := _; queue := _ |}).
  assert (At : forall u, u = t /\ weightAt s' u < weightAt s u \/ u <> t /\ weightAt s' u = weightAt s u).
  { intros u. unfold weightAt, s'. cbn [threads]. destruct (Nat.eq_dec u t) as [->|N].
    - left. rewrite upd_same, E. auto.
    - right. rewrite upd_other by assumption. auto. }
  assert (Le : forall ts, total s' ts <= total s ts).
  { induction ts as [|u ts IH]; cbn [total]; [lia|]. destruct (At u); lia. }
  induction ts as [|u ts IH]; [intros []|]. intros [->|I]; cbn [total].
  - specialize (Le ts). destruct (At t) as [A|[A _]]; [lia|contradiction].
  - specialize (IH I). destruct (At u); lia.
Qed.

Lemma own_step s s' ts : supported s ts -> step P true s s' -> supported s' ts /\ total s' ts < total s ts.
Proof.
  intros Su St.
  assert (K : forall t th th' q, threads s t = Some th ->
    supported {| threads := upd (threads s) t (Some th'); queue := q |} ts).
  { intros t th th' q E u thu Eu. cbn in Eu. destruct (Nat.eq_dec u t) as [->|N]; [eapply Su; eauto|].
    rewrite upd_other in Eu by assumption. eapply Su; eauto. }
  inversion St; subst; (split; [eapply K; eauto|]); (eapply total_less; [eauto| |eapply Su; eauto]);
    unfold threadWeight; cbn [waiting todo setThread]; repeat match goal with X : waiting _ = _ |- _ => rewrite X end.
  - match goal with L : local _ _ _ |- _ => apply local_weight in L end. lia.
  - rewrite H1. cbn [weight size]. pose proof (weight_handler (takenBy P NoMatch (stackOf c))). lia.
  - rewrite H1. cbn. lia.
  - rewrite H1. cbn. lia.
  - rewrite H1. cbn. lia.
Qed.

Inductive runs : state -> state -> Prop :=
| RunsNow s : runs s s
| RunsOn s s' s'' : step P true s s' -> runs s' s'' -> runs s s''.

Theorem can_finish : (forall s, reachable P s -> ~ deadlock P s) ->
  forall s, reachable P s -> exists s', runs s s' /\ finished s'.
Proof.
  intros No s Re. destruct (finite s Re) as [ts Su]. remember (total s ts) as n eqn:En.
  revert s Re Su En. induction n as [n IH] using lt_wf_ind. intros s Re Su En.
  destruct (progress s Re (No s Re)) as [F|[s' St]]; [exists s; split; [constructor|assumption]|].
  destruct (own_step s s' ts Su St) as [Su' Lt]. subst n.
  edestruct (IH (total s' ts) Lt s') as [s'' [Ru F]]; eauto.
  - eapply RStep; eauto.
  - exists s''. split; [|assumption]. eapply RunsOn; eauto.
Qed.

(** Of what the checker accepts, every flow can always be brought to its end, by steps of the flows that are there. *)
Theorem check_can_finish : forall c, check P c = true ->
  forall s, reachable P s -> exists s', runs s s' /\ finished s'.
Proof. intros c Ck. apply can_finish. now apply check_sound with c. Qed.
End WithProgram.
