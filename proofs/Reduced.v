(** The program that is left, without anything that the theorems of Elision.v write down: whatever it does on loops,
    the program with its notes does. So what is proved of the one holds for the other. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Elision.

Definition keeps (without : list lock) (h : hold) : bool := negb (memb (fst h) without).

Fixpoint reduce (p : mprog) : mprog :=
  match p with
  | MSkip => MSkip
  | MNode b => MNode b
  | MSeq p q => MSeq (reduce p) (reduce q)
  | MBranch p q => MBranch (reduce p) (reduce q)
  | MRegion hs w p => MRegion (filter (keeps w) hs) [] (reduce p)
  end.
Definition reduceHandler (h : mhandler) : mhandler :=
  {| around := filter (keeps (aroundWithout h)) (around h); aroundWithout := []; handlerParks := handlerParks h |}.
Definition reduceFlow (f : mflow) : mflow :=
  {| mbody := reduce (mbody f); mhandlers := map reduceHandler (mhandlers f); alone := alone f |}.
Definition reduceProgram (M : mprogram) : mprogram :=
  {| mflows := map reduceFlow (mflows M); mSession := mSession M; mRank := mRank M |}.

(** * Leaving locks out does not change the order of those that are left. *)
Section Order.
Variable rank : lock -> nat.
Variable w : list lock.

Fixpoint ascending (hs : list hold) : Prop :=
  match hs with
  | [] => True
  | x :: rest => (forall y, In y rest -> rank (fst x) <= rank (fst y)) /\ ascending rest
  end.

Lemma in_insert h : forall hs y, In y (insert rank h hs) -> fst y = fst h \/ exists z, In z hs /\ fst z = fst y.
Proof.
  induction hs as [|x hs IH]; intros y I; cbn [insert In] in I.
  - destruct I as [<-|[]]. now left.
  - revert I. destruct (fst x =? fst h) eqn:Ex; [|destruct (rank (fst h) <? rank (fst x))]; intros I.
    + destruct I as [<-|I]; right; [exists x|exists y]; cbn; auto.
    + destruct I as [<-|I]; [now left|]. right. exists y. auto.
    + destruct I as [<-|I]; [right; exists x; cbn; auto|]. destruct (IH y I) as [E|[z [Iz E]]]; [now left|].
      right. exists z. cbn. auto.
Qed.

Lemma insert_ascending h : forall hs, ascending hs -> ascending (insert rank h hs).
Proof.
  induction hs as [|x hs IH]; intros A; cbn [insert]; [cbn; tauto|]. destruct A as [A B].
  destruct (fst x =? fst h); [split; [exact A|exact B]|]. destruct (rank (fst h) <? rank (fst x)) eqn:L.
  - apply Nat.ltb_lt in L. split; [|split; assumption]. intros y [<-|I]; [lia|]. specialize (A y I). lia.
  - apply Nat.ltb_ge in L. split; [|auto]. intros y I. destruct (in_insert _ _ _ I) as [->|[z [Iz <-]]]; auto.
Qed.

Lemma inOrder_ascending : forall hs, ascending (inOrder rank hs).
Proof. induction hs as [|h hs IH]; [exact Logic.I|]. apply insert_ascending. exact IH. Qed.

Lemma insert_front h : forall hs, (forall y, In y hs -> rank (fst h) < rank (fst y)) -> insert rank h hs = h :: hs.
Proof.
  intros [|x hs] F; [reflexivity|]. specialize (F x (or_introl eq_refl)). cbn [insert].
  destruct (fst x =? fst h) eqn:E; [apply Nat.eqb_eq in E; rewrite E in F; lia|].
  apply Nat.ltb_lt in F. now rewrite F.
Qed.

Lemma insert_filter h : forall hs, ascending hs ->
  filter (keeps w) (insert rank h hs) = if keeps w h then insert rank h (filter (keeps w) hs) else filter (keeps w) hs.
Proof.
  induction hs as [|x hs IH]; intros A; [cbn; now destruct (keeps w h)|]. destruct A as [A B]. specialize (IH B).
  cbn [insert]. destruct (fst x =? fst h) eqn:E.
  - pose proof E as Ee. apply Nat.eqb_eq in Ee. assert (K : keeps w x = keeps w h) by (unfold keeps; now rewrite Ee).
    cbn [filter]. change (keeps w (fst x, stronger (snd x) (snd h))) with (keeps w x). rewrite K.
    destruct (keeps w h); [|reflexivity]. cbn [insert]. now rewrite E.
  - destruct (rank (fst h) <? rank (fst x)) eqn:L.
    + change (filter (keeps w) (h :: x :: hs)) with
        (if keeps w h then h :: filter (keeps w) (x :: hs) else filter (keeps w) (x :: hs)).
      destruct (keeps w h); [|reflexivity]. symmetry. apply insert_front. intros y I. apply filter_In in I.
      apply Nat.ltb_lt in L. destruct I as [[<-|I] _]; [assumption|]. specialize (A y I). lia.
    + cbn [filter]. rewrite IH. destruct (keeps w x); destruct (keeps w h); try reflexivity. cbn [insert]. now rewrite E, L.
Qed.

Lemma inOrder_filter : forall hs, inOrder rank (filter (keeps w) hs) = filter (keeps w) (inOrder rank hs).
Proof.
  induction hs as [|h hs IH]; [reflexivity|]. change (inOrder rank (h :: hs)) with (insert rank h (inOrder rank hs)).
  rewrite insert_filter by apply inOrder_ascending. cbn [filter]. destruct (keeps w h); [|exact IH].
  change (inOrder rank (h :: filter (keeps w) hs)) with (insert rank h (inOrder rank (filter (keeps w) hs))). now rewrite IH.
Qed.

Lemma own_reduce hs : own rank (filter (keeps w) hs) [] = filter snd (own rank hs w).
Proof.
  unfold own. rewrite inOrder_filter. induction (inOrder rank hs) as [|h l IH]; [reflexivity|]. cbn [map filter snd].
  unfold keeps at 1. destruct (negb (memb (fst h) w)) eqn:K; cbn [map filter snd]; [|exact IH]. now rewrite IH.
Qed.
End Order.

(** * What is left of a flow *)
Inductive left : list entry -> list mitem -> list mitem -> Prop :=
| LeftNil H : left H [] []
| LeftRun H p c c' : left H c c' -> left H (MRun p :: c) (MRun (reduce p) :: c')
| LeftHandle H b c c' : left H c c' -> left H (MHandle b :: c) (MHandle b :: c')
| LeftKept H h c c' : left ((h, true) :: H) c c' -> left H (MAcquire (h, true) :: c) (MAcquire (h, true) :: c')
| LeftWithout H h c c' : c' <> [] -> left ((h, false) :: H) c c' -> left H (MAcquire (h, false) :: c) c'
| LeftRelease H n c c' : left (skipn n H) c c' ->
    left H (MRelease n :: c) (MRelease (length (filter snd (firstn n H))) :: c').

Lemma left_acquire es : forall H c c', c' <> [] -> left (rev es ++ H) c c' ->
  left H (map MAcquire es ++ c) (map MAcquire (filter snd es) ++ c').
Proof.
  induction es as [|[h k] es IH]; intros H c c' N L; [exact L|]. cbn [rev] in L. rewrite <- app_assoc in L.
  specialize (IH _ _ _ N L). cbn. destruct k; cbn.
  - constructor. exact IH.
  - constructor; [|exact IH]. destruct (filter snd es); [exact N|discriminate].
Qed.

Lemma left_region es H inner inner' c c' : left (rev es ++ H) (inner ++ MRelease (length es) :: c)
    (inner' ++ MRelease (length (filter snd es)) :: c') ->
  left H (mregion es inner c) (mregion (filter snd es) inner' c').
Proof. intros L. unfold mregion. apply left_acquire; [|exact L]. destruct inner'; discriminate. Qed.

Lemma filter_rev_length {A} (f : A -> bool) : forall l, length (filter f (rev l)) = length (filter f l).
Proof.
  induction l as [|x l IH]; [reflexivity|]. cbn [rev]. rewrite filter_app, app_length, IH. cbn [filter].
  destruct (f x); cbn [length]; lia.
Qed.

Lemma released es (H : list entry) : length (filter snd (firstn (length es) (rev es ++ H))) = length (filter snd es).
Proof.
  rewrite <- (rev_length es), firstn_app, firstn_all, Nat.sub_diag. cbn [firstn]. rewrite app_nil_r.
  apply filter_rev_length.
Qed.

Lemma left_release es H c c' : left H c c' ->
  left (rev es ++ H) (MRelease (length es) :: c) (MRelease (length (filter snd es)) :: c').
Proof.
  intros L. rewrite <- (released es H). apply LeftRelease. now rewrite skipn_rev.
Qed.

Lemma skip_left n : forall H : list entry,
  skipn (length (filter snd (firstn n H))) (filter snd H) = filter snd (skipn n H).
Proof.
  induction n as [|n IH]; intros H; [reflexivity|]. destruct H as [|[h k] H]; [reflexivity|].
  cbn [firstn skipn filter snd]. destruct k; cbn; apply IH.
Qed.

Lemma kept_left (H : list entry) : kept (filter snd H) = kept H.
Proof.
  unfold kept. induction H as [|[h k] H IH]; [reflexivity|]. destruct k; cbn; [|exact IH]. now rewrite IH.
Qed.

Section Runs.
Variable M : mprogram.
Variable loopOf : nat -> nat -> nat.
Let N := reduceProgram M.

Record like (th th' : mthread) : Prop := {
  l_code : mcode th' = mcode th;
  l_session : msession th' = msession th;
  l_waiting : mwaiting th' = mwaiting th;
  l_runs : mruns th' = mruns th;
  l_held : mheld th' = filter snd (mheld th);
  l_todo : left (mheld th) (mtodo th) (mtodo th')
}.

Definition agrees (a a' : mstate) : Prop :=
  (forall u, match mthreads a u, mthreads a' u with
             | Some th, Some th' => like th th'
             | None, None => True
             | _, _ => False
             end) /\
  (forall i, mqueue a' i = mqueue a i).

Lemma agrees_some a a' t th' : agrees a a' -> mthreads a' t = Some th' ->
  exists th, mthreads a t = Some th /\ like th th'.
Proof.
  intros [A _] E. specialize (A t). rewrite E in A. destruct (mthreads a t) as [th|]; [eauto|contradiction].
Qed.
Lemma agrees_back a a' t th : agrees a a' -> mthreads a t = Some th ->
  exists th', mthreads a' t = Some th' /\ like th th'.
Proof.
  intros [A _] E. specialize (A t). rewrite E in A. destruct (mthreads a' t) as [th'|]; [eauto|contradiction].
Qed.
Lemma agrees_none a a' t : agrees a a' -> mthreads a' t = None -> mthreads a t = None.
Proof. intros [A _] E. specialize (A t). rewrite E in A. destruct (mthreads a t); [contradiction|reflexivity]. Qed.

Lemma agrees_put a a' t th th' q q' : agrees a a' -> like th th' -> (forall i, q' i = q i) ->
  agrees (put a t th q) (put a' t th' q').
Proof.
  intros [A _] L Q. split; [|exact Q]. intros u. cbn. unfold upd. destruct (u =? t); [exact L|apply A].
Qed.

Lemma flowAt_reduce f : flowAt N f = reduceFlow (flowAt M f).
Proof. unfold flowAt, N. cbn [mflows reduceProgram]. change noFlow with (reduceFlow noFlow) at 1. apply map_nth. Qed.

Lemma like_inside th th' i m : like th th' -> inside N th' i m true <-> inside M th i m true.
Proof.
  intros L. unfold inside. rewrite (l_held _ _ L), (l_session _ _ L). split; intros [l [I E]]; exists l; (split; [|exact E]).
  - apply filter_In in I. tauto.
  - apply filter_In. auto.
Qed.

Lemma free_left a a' i m : agrees a a' -> mfree N a' i m -> mfree M a i m.
Proof.
  intros A F u th m' E In. destruct (agrees_back _ _ _ _ A E) as [th' [E' L]]. apply (F u th' m' E').
  now apply (like_inside th th').
Qed.

Lemma busy_left a a' i m : agrees a a' -> mbusy N a' i m -> mbusy M a i m.
Proof.
  intros A [u [th' [m' [E' [In C]]]]]. destruct (agrees_some _ _ _ _ A E') as [th [E L]]. exists u, th, m'.
  split; [exact E|]. split; [|exact C]. now apply (like_inside th th').
Qed.

Lemma loop_left a a' t n : agrees a a' -> loopFree loopOf a' t n -> loopFree loopOf a t n.
Proof.
  intros A F u th E Ru. destruct (agrees_back _ _ _ _ A E) as [th' [E' L]]. rewrite <- (l_session _ _ L).
  apply (F u th' E'). now rewrite (l_runs _ _ L).
Qed.

Lemma left_nil H c : left H c [] -> c = [].
Proof. intros L. inversion L; subst; [reflexivity|contradiction]. Qed.

Definition notWithout (c : list mitem) := forall h d, c <> MAcquire (h, false) :: d.

Lemma left_ways H c c' : left H c c' -> notWithout c -> givesWay c = givesWay c'.
Proof.
  intros L Nw. inversion L; subst; try reflexivity.
  - destruct p; reflexivity.
  - exfalso. eapply Nw. reflexivity.
Qed.

Lemma left_kept H c h c1 : left H c (MAcquire (h, true) :: c1) -> notWithout c ->
  exists c2, c = MAcquire (h, true) :: c2 /\ left ((h, true) :: H) c2 c1.
Proof.
  intros L Nw. inversion L; subst; [eauto|]. exfalso. eapply Nw. reflexivity.
Qed.

Lemma left_head H c c' h c2 e c1 : left H c c' -> c = MAcquire (h, true) :: c2 -> c' = MAcquire (e, true) :: c1 ->
  h = e /\ left ((h, true) :: H) c2 c1.
Proof. intros L -> ->. inversion L; subst. auto. Qed.

(** Who waits does so for a lock that it takes. *)
Lemma waits_kept a : mreachable M loopOf a -> forall t th, mthreads a t = Some th -> mwaiting th = true ->
  exists h c, mtodo th = MAcquire (h, true) :: c.
Proof.
  induction 1 as [|own a a' Re IH St]; [intros; discriminate|]. intros u thu Eu Wu.
  destruct St; cbn [put mthreads] in Eu;
    (destruct (Nat.eq_dec u t) as [->|Nu];
     [rewrite upd_same in Eu; inversion Eu; subst; cbn in Wu; try discriminate
     |rewrite upd_other in Eu by assumption; eauto]).
  cbn. eauto.
Qed.

(** Before it does anything else, a flow enters the regions without locks that it has come to. *)
Lemma catch_up a' t th' : mthreads a' t = Some th' -> mruns th' = true -> forall n a th, mreachable M loopOf a -> agrees a a' ->
  mthreads a t = Some th -> length (mtodo th) <= n ->
  exists b thb, mreachable M loopOf b /\ agrees b a' /\ mthreads b t = Some thb /\ like thb th' /\
    notWithout (mtodo thb).
Proof.
  intros E' Ru'. induction n as [|n IH]; intros a th Re A E Ln;
    (destruct (agrees_some _ _ _ _ A E') as [x [Ex L]]; rewrite E in Ex; inversion Ex; subst x; clear Ex).
  - exists a, th. repeat split; auto; try apply A; try apply L. intros h c T. rewrite T in Ln. cbn in Ln. lia.
  - destruct (mtodo th) as [|[p|b|[h [|]]|k] c] eqn:T;
      try (exists a, th; rewrite ?T; repeat split; auto; try apply A; try apply L; rewrite ?T; intros; congruence).
    pose proof (l_todo _ _ L) as Lt. rewrite T in Lt. inversion Lt as [| | | |? ? ? ? Ne Lt'|]; subst.
    set (th2 := mset th ((h, false) :: mheld th) c false true).
    assert (Wf : mwaiting th = false).
    { destruct (mwaiting th) eqn:X; [|reflexivity]. destruct (waits_kept a Re t th E X) as [? [? Y]]. congruence. }
    apply IH with (a := put a t th2 (mqueue a)) (th := th2).
    + eapply MStep; [exact Re|]. apply LLocal; [exact E| |].
      * rewrite <- (l_runs _ _ L). exact Ru'.
      * rewrite T. constructor.
    + split; [|apply A]. intros u. cbn. unfold upd. destruct (u =? t) eqn:Eq; [|apply A]. apply Nat.eqb_eq in Eq. subst u.
      rewrite E'. constructor; cbn; try apply L; try assumption.
      * rewrite (l_waiting _ _ L). exact Wf.
    + cbn. apply upd_same.
    + cbn in *. lia.
Qed.

Lemma local_left H c c' H1 c1 : left H c c' -> notWithout c ->
  mlocal N (filter snd H, c') (H1, c1) ->
  exists H2 c2, mlocal M (H, c) (H2, c2) /\ H1 = filter snd H2 /\ left H2 c2 c1.
Proof.
  intros L Nw Lo. inversion L; subst.
  - inversion Lo.
  - destruct p; cbn [reduce] in Lo; inversion Lo; subst.
    + exists H, c0. repeat split; auto. constructor.
    + exists H, c0. repeat split; auto. constructor.
    + exists H, (MRun p1 :: MRun p2 :: c0). split; [constructor|]. split; [reflexivity|]. now repeat constructor.
    + exists H, (MRun p1 :: c0). split; [constructor|]. split; [reflexivity|]. now constructor.
    + exists H, (MRun p2 :: c0). split; [constructor|]. split; [reflexivity|]. now constructor.
    + exists H, (mregion (own (mRank M) hs without) [MRun p] c0). split; [constructor|]. split; [reflexivity|].
      cbn [N reduceProgram mRank]. rewrite own_reduce. apply left_region. cbn [app]. constructor. now apply left_release.
  - inversion Lo; subst. exists H, c0. repeat split; auto. constructor.
  - inversion Lo; subst. exists ((h, true) :: H), c0. split; [|split; [reflexivity|assumption]].
    constructor. now rewrite <- kept_left.
  - exfalso. eapply Nw. reflexivity.
  - inversion Lo; subst. exists (skipn n H), c0. split; [constructor|]. split; [apply skip_left|assumption].
Qed.

Lemma fails_left f c' : mfails N (flowAt N f) c' -> exists c, mfails M (flowAt M f) c /\ left [] c c'.
Proof.
  rewrite flowAt_reduce. intros F. inversion F as [|h' I]; subst; [exists []; split; constructor|].
  cbn in I. apply in_map_iff in I. destruct I as [h [<- I]].
  exists (mregion (own (mRank M) (around h) (aroundWithout h)) [MHandle (handlerParks h)] []). split; [now constructor|].
  cbn [reduceHandler around aroundWithout handlerParks N reduceProgram mRank]. rewrite own_reduce. apply left_region.
  cbn [app]. constructor. apply left_release. constructor.
Qed.

Theorem reduced_runs a' : mreachable N loopOf a' -> exists a, mreachable M loopOf a /\ agrees a a'.
Proof.
  induction 1 as [|own a' b' Re' [a [Re A]] St].
  - eexists. split; [constructor|]. split; cbn; auto.
  - assert (Q := proj2 A). destruct St as [a' t f n Lf E' Al|a' t th' E' Wf Lf|a' t th' E' Ru Gw|a' t th' H c E' Ru L
      |a' t th' c E' Ru Td F|a' t th' l m c E' Ru T Al Fr|a' t th' l m c E' Ru T Al Why|a' t th' l c rest E' Wt T Qu Fr
      |a' t th' l c rest E' Wt T Qu Fr Lf].
    + eexists. split.
      * eapply MStep; [exact Re|]. apply LSpawn with (t := t) (f := f) (n := n).
        -- unfold N in Lf. cbn in Lf. now rewrite map_length in Lf.
        -- eapply agrees_none; eauto.
        -- intros Ao u th E C. destruct (agrees_back _ _ _ _ A E) as [th' [Eu Li]]. apply (left_nil (mheld th)).
           rewrite <- (Al) with (u := u) (th := th'); auto; [apply Li| |rewrite (l_code _ _ Li); exact C].
           now rewrite flowAt_reduce.
      * apply agrees_put; [exact A| |exact Q]. constructor; try reflexivity. cbn [mheld mtodo].
        rewrite flowAt_reduce. apply LeftRun. apply LeftNil.
    + destruct (agrees_some _ _ _ _ A E') as [th [E Li]]. eexists. split.
      * eapply MStep; [exact Re|]. apply LResume; [exact E| |].
        -- now rewrite <- (l_waiting _ _ Li).
        -- rewrite <- (l_session _ _ Li). eapply loop_left; eauto.
      * apply agrees_put; [exact A| |exact Q]. constructor; cbn; try reflexivity; apply Li.
    + destruct (agrees_some _ _ _ _ A E') as [th0 [E0 _]].
      destruct (catch_up a' t th' E' Ru _ a th0 Re A E0 (le_n _)) as [b [th [Rb [Ab [E [Li Nw]]]]]]. eexists. split.
      * eapply MStep; [exact Rb|]. apply LPark; [exact E| |].
        -- now rewrite <- (l_runs _ _ Li).
        -- now rewrite (left_ways _ _ _ (l_todo _ _ Li) Nw).
      * apply agrees_put; [exact Ab| |apply Ab]. constructor; cbn; try reflexivity; apply Li.
    + destruct (agrees_some _ _ _ _ A E') as [th0 [E0 _]].
      destruct (catch_up a' t th' E' Ru _ a th0 Re A E0 (le_n _)) as [b [th [Rb [Ab [E [Li Nw]]]]]].
      rewrite (l_held _ _ Li) in L.
      destruct (local_left _ _ _ _ _ (l_todo _ _ Li) Nw L) as [H2 [c2 [L2 [Eh Lc]]]]. eexists. split.
      * eapply MStep; [exact Rb|]. apply LLocal; [exact E| |exact L2]. now rewrite <- (l_runs _ _ Li).
      * apply agrees_put; [exact Ab| |apply Ab]. constructor; cbn; try reflexivity; try apply Li; assumption.
    + destruct (agrees_some _ _ _ _ A E') as [th [E Li]]. rewrite (l_code _ _ Li) in F.
      destruct (fails_left _ _ F) as [c2 [F2 Lc]]. eexists. split.
      * eapply MStep; [exact Re|]. apply LFail; [exact E| | |exact F2].
        -- now rewrite <- (l_runs _ _ Li).
        -- intros X. apply Td. pose proof (l_todo _ _ Li) as Lt. rewrite X in Lt. now inversion Lt.
      * apply agrees_put; [exact A| |exact Q]. constructor; cbn; try reflexivity; try apply Li. exact Lc.
    + destruct (agrees_some _ _ _ _ A E') as [th0 [E0 _]].
      destruct (catch_up a' t th' E' Ru _ a th0 Re A E0 (le_n _)) as [b [th [Rb [Ab [E [Li Nw]]]]]].
      pose proof (l_todo _ _ Li) as Lt. rewrite T in Lt.
      destruct (left_kept _ _ _ _ Lt Nw) as [c2 [T2 Lc]]. eexists. split.
      * eapply MStep; [exact Rb|]. apply LTake with (l := l) (m := m) (c := c2); [exact E| |exact T2| |].
        -- now rewrite <- (l_runs _ _ Li).
        -- rewrite (l_held _ _ Li), kept_left in Al. exact Al.
        -- rewrite (l_session _ _ Li) in Fr. eapply free_left; eauto.
      * apply agrees_put; [exact Ab| |apply Ab]. constructor; cbn; try reflexivity; try apply Li; try assumption.
        now rewrite (l_held _ _ Li).
    + destruct (agrees_some _ _ _ _ A E') as [th0 [E0 _]].
      destruct (catch_up a' t th' E' Ru _ a th0 Re A E0 (le_n _)) as [b [th [Rb [Ab [E [Li Nw]]]]]].
      pose proof (l_todo _ _ Li) as Lt. rewrite T in Lt.
      destruct (left_kept _ _ _ _ Lt Nw) as [c2 [T2 Lc]]. eexists. split.
      * eapply MStep; [exact Rb|]. apply LAsk with (l := l) (m := m) (c := c2); [exact E| |exact T2| |].
        -- now rewrite <- (l_runs _ _ Li).
        -- rewrite (l_held _ _ Li), kept_left in Al. exact Al.
        -- rewrite (l_session _ _ Li) in Why. rewrite (proj2 Ab) in Why. destruct Why as [B|B]; [left|now right].
           eapply busy_left; eauto.
      * apply agrees_put; [exact Ab| |].
        -- constructor; cbn; try reflexivity; try apply Li.
        -- intros i. rewrite (l_session _ _ Li). unfold updq. change (instanceOf (fullProgram N)) with (instanceOf (fullProgram M)).
           destruct (instance_eqb _ _); now rewrite !(proj2 Ab).
    + destruct (agrees_some _ _ _ _ A E') as [th [E Li]]. pose proof Wt as Wt0. rewrite (l_waiting _ _ Li) in Wt0.
      destruct (waits_kept a Re t th E Wt0) as [h [c2 T2]]. pose proof (l_todo _ _ Li) as Lt.
      destruct (left_head _ _ _ _ _ _ _ Lt T2 T) as [Eh Lc]. subst h. eexists. split.
      * eapply MStep; [exact Re|]. apply LHand with (l := l) (c := c2) (rest := rest); [exact E|exact Wt0|exact T2| |].
        -- rewrite (l_session _ _ Li), (proj2 A) in Qu. exact Qu.
        -- rewrite (l_session _ _ Li) in Fr. eapply free_left; eauto.
      * apply agrees_put; [exact A| |].
        -- constructor; cbn; try reflexivity; try apply Li; try assumption. now rewrite (l_held _ _ Li).
        -- intros i. rewrite (l_session _ _ Li). unfold updq.
           change (instanceOf (fullProgram N)) with (instanceOf (fullProgram M)). destruct (instance_eqb _ _); auto.
    + destruct (agrees_some _ _ _ _ A E') as [th [E Li]]. pose proof Wt as Wt0. rewrite (l_waiting _ _ Li) in Wt0.
      destruct (waits_kept a Re t th E Wt0) as [h [c2 T2]]. pose proof (l_todo _ _ Li) as Lt.
      destruct (left_head _ _ _ _ _ _ _ Lt T2 T) as [Eh Lc]. subst h. eexists. split.
      * eapply MStep; [exact Re|]. apply LWake with (l := l) (c := c2) (rest := rest); [exact E|exact Wt0|exact T2| | |].
        -- rewrite (l_session _ _ Li), (proj2 A) in Qu. exact Qu.
        -- rewrite (l_session _ _ Li) in Fr. eapply free_left; eauto.
        -- rewrite <- (l_session _ _ Li). eapply loop_left; eauto.
      * apply agrees_put; [exact A| |].
        -- constructor; cbn; try reflexivity; try apply Li; try assumption. now rewrite (l_held _ _ Li).
        -- intros i. rewrite (l_session _ _ Li). unfold updq.
           change (instanceOf (fullProgram N)) with (instanceOf (fullProgram M)). destruct (instance_eqb _ _); auto.
Qed.

(** * Removal, of programs *)
Variable stays : lock -> bool.
Variable J : judgement.
Hypothesis Stays : forall l t u n n', stays l = true ->
  instanceOf (fullProgram M) n l = instanceOf (fullProgram M) n' l -> loopOf t n = loopOf u n'.
Hypothesis Ck : checkElision M stays J = true.

(** The program that is left has no deadlock if the one that was written has none. *)
Theorem reduced_deadlock_free :
  (forall s, reachable (fullProgram M) s -> ~ deadlock (fullProgram M) s) ->
  forall a', mreachable N loopOf a' -> ~ mdeadlock N a'.
Proof.
  intros No a' Re' [D [Nd De]]. destruct (reduced_runs a' Re') as [a [Re A]].
  apply (elision_deadlock_free M loopOf stays J Stays Ck No a Re). exists D. split; [exact Nd|].
  intros t It. destruct (De t It) as [u [Iu [th' [l [m [c [E' [Wt [T B]]]]]]]]]. exists u. split; [exact Iu|].
  destruct (agrees_some _ _ _ _ A E') as [th [E Li]]. pose proof Wt as Wt0. rewrite (l_waiting _ _ Li) in Wt0.
  destruct (waits_kept a Re t th E Wt0) as [h [c2 T2]]. pose proof (l_todo _ _ Li) as Lt.
  destruct (left_head _ _ _ _ _ _ _ Lt T2 T) as [Eh Lc]. subst h.
  exists th, l, m, c2. split; [exact E|]. split; [exact Wt0|]. split; [exact T2|].
  cbn in *. rewrite (l_session _ _ Li) in B. destruct B as [[thu' [m' [Eu' [In C]]]]|[x [y [z [mu Q]]]]].
  - left. destruct (agrees_some _ _ _ _ A Eu') as [thu [Eu Lu]]. exists thu, m'. split; [exact Eu|]. split; [|exact C].
    now apply (like_inside thu thu').
  - right. exists x, y, z, mu. rewrite <- (proj2 A). exact Q.
Qed.

(** And its flows are never inside of conflicting regions of the one that was written: for each of its states there is
    one of the program with notes that says where they are. *)
Theorem reduced_excludes a' : mreachable N loopOf a' -> exists a, agrees a a' /\
  forall t u th thu i m m' k k', mthreads a t = Some th -> mthreads a u = Some thu -> t <> u ->
    inside M th i m k -> inside M thu i m' k' -> conflict m m' = false.
Proof.
  intros Re'. destruct (reduced_runs a' Re') as [a [Re A]]. exists a. split; [exact A|].
  intros t u th thu i m m' k k'. apply elision_excludes with loopOf stays J; assumption.
Qed.
End Runs.
