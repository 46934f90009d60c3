(** The exact criterion: where there is a deadlock there is a circle of places, each flow in its session, in which no
    lock (of a session) is waited for twice. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Sound.

(** * Walks and circles *)
Section Walks.
Variable R : nat -> nat -> Prop.

Fixpoint walk (l : list nat) (b : nat) : Prop :=
  match l with [] => True | x :: rest => R x (hd b rest) /\ walk rest b end.

Lemma walk_app a c b : walk (a ++ c) b <-> walk a (hd b c) /\ walk c b.
Proof.
  induction a as [|x a IH]; cbn; [tauto|]. rewrite IH. destruct a; cbn; tauto.
Qed.

Lemma duplicate {B} (dec : forall x y : B, {x = y} + {x <> y}) (f : nat -> B) l :
  NoDup (map f l) \/ exists a x b y c, l = a ++ x :: b ++ y :: c /\ f x = f y.
Proof.
  induction l as [|x l IH]; [left; constructor|]. destruct (in_dec dec (f x) (map f l)) as [I|N].
  - right. apply in_map_iff in I. destruct I as [y [E I]]. apply in_split in I. destruct I as [b [c ->]].
    exists [], x, b, y, c. auto.
  - destruct IH as [D|[a [x1 [b [y [c [-> E]]]]]]].
    + left. now constructor.
    + right. exists (x :: a), x1, b, y, c. auto.
Qed.

Lemma long_walk D : (forall t, In t D -> exists u, In u D /\ R t u) ->
  forall n t, In t D -> exists l b, length l = n /\ incl l D /\ hd b l = t /\ walk l b.
Proof.
  intros T. induction n as [|n IH]; intros t I.
  - exists [], t. repeat split; auto. intros x [].
  - destruct (T t I) as [u [Iu Ru]]. destruct (IH u Iu) as [l [b [Ln [Inc [H Wl]]]]].
    exists (t :: l), b. cbn. rewrite H, Ln. repeat split; auto. intros x [<-|X]; auto.
Qed.

Lemma some_circle D : D <> [] -> (forall t, In t D -> exists u, In u D /\ R t u) ->
  exists l, l <> [] /\ incl l D /\ walk l (hd 0 l).
Proof.
  intros N T. destruct D as [|t D']; [contradiction|]. set (D := t :: D') in *.
  destruct (long_walk D T (S (length D)) t (or_introl eq_refl)) as [l [b [Ln [Inc [_ Wl]]]]].
  destruct (duplicate Nat.eq_dec (fun x => x) l) as [Nd|[a [x [m [y [c [-> E]]]]]]].
  - rewrite map_id in Nd. pose proof (NoDup_incl_length Nd Inc). lia.
  - subst y. exists (x :: m). split; [discriminate|]. split.
    + intros z I. apply Inc. apply in_or_app. right. change (x :: m ++ x :: c) with ((x :: m) ++ x :: c).
      apply in_or_app. now left.
    + apply walk_app in Wl. destruct Wl as [_ Wl]. change (x :: m ++ x :: c) with ((x :: m) ++ x :: c) in Wl.
      apply walk_app in Wl. exact (proj1 Wl).
Qed.

(** Whom a flow waits for depends on [f] only, so that a circle can be cut short. *)
Lemma shortest {B} (dec : forall x y : B, {x = y} + {x <> y}) (f : nat -> B) D :
  (forall y z u, In y D -> f y = f z -> R z u -> R y u) ->
  forall n l, length l <= n -> l <> [] -> incl l D -> walk l (hd 0 l) ->
  exists l', l' <> [] /\ incl l' D /\ walk l' (hd 0 l') /\ NoDup (map f l').
Proof.
  intros Cut. induction n as [|n IH]; intros l Ln N Inc Wl; [destruct l; [contradiction|cbn in Ln; lia]|].
  destruct (duplicate dec f l) as [Nd|[a [y [b [z [c [-> E]]]]]]]; [eauto|].
  apply (IH (a ++ y :: c)).
  - rewrite !app_length in *. cbn in *. rewrite app_length in Ln. cbn in Ln. lia.
  - destruct a; discriminate.
  - intros x I. apply Inc. rewrite !in_app_iff in *. cbn in *. rewrite in_app_iff. cbn. tauto.
  - assert (H : hd 0 (a ++ y :: b ++ z :: c) = hd 0 (a ++ y :: c)) by now destruct a.
    rewrite H in Wl. set (h := hd 0 (a ++ y :: c)) in *.
    apply walk_app in Wl. destruct Wl as [Wa Wl]. cbn in Wa, Wl. destruct Wl as [_ Wl].
    apply walk_app in Wl. destruct Wl as [_ Wl]. cbn in Wl. destruct Wl as [Rz Wc].
    apply walk_app. cbn. split; [assumption|]. split; [|assumption]. apply (Cut y z); auto.
    apply Inc. apply in_or_app. right. now left.
Qed.
End Walks.

Section WithProgram.
Variable P : program.

(** A flow at a place, and its session. *)
Definition stand := (place * nat)%type.
Definition wants (x : stand) : instance := instanceOf P (snd x) (fst (snd (fst x))).
(** [y] holds what [x] waits for. *)
Definition holdsWanted (x y : stand) : Prop :=
  exists l m, In (l, m) (fst (fst y)) /\ instanceOf P (snd y) l = wants x.
Definition together (x y : stand) : Prop := forall l m l' m',
  In (l, m) (fst (fst x)) -> In (l', m') (fst (fst y)) ->
  instanceOf P (snd x) l = instanceOf P (snd y) l' -> conflict m m' = false.

Fixpoint chain (c : list stand) (b : stand) : Prop :=
  match c with [] => True | x :: rest => holdsWanted x (hd b rest) /\ chain rest b end.

Record circle (c : list stand) : Prop := {
  c_some : c <> [];
  c_places : forall x, In x c -> In (fst x) (places P) /\ memb (fst (snd (fst x))) (written P) = true;
  c_chain : forall d, chain c (hd d c);
  c_once : NoDup (map wants c);
  c_together : forall x y, In x c -> In y c -> x <> y -> together x y
}.

Definition standOf s t : stand :=
  match threads s t with
  | Some th => match todo th with Acquire h :: _ => ((held th, h), session th) | _ => (([], (0, R)), 0) end
  | None => (([], (0, R)), 0)
  end.

Lemma standOf_waiting s t th l m c : threads s t = Some th -> todo th = Acquire (l, m) :: c ->
  standOf s t = ((held th, (l, m)), session th).
Proof. intros E T. unfold standOf. now rewrite E, T. Qed.

Theorem deadlock_circle s : reachable P s -> deadlock P s -> exists c, circle c.
Proof.
  intros Re [D De]. pose proof (invariant_reachable P s Re) as I.
  assert (Hold : forall t, In t D -> exists th l m c u thu m', threads s t = Some th /\ waiting th = true /\
    todo th = Acquire (l, m) :: c /\ In u D /\ threads s u = Some thu /\
    holdsInstance P thu (instanceOf P (session th) l) m' /\ memb l (written P) = true).
  { intros t It. destruct (proj2 De t It) as [_ [_ [th [l [m [c0 [E [Wt [T _]]]]]]]]].
    destruct (i_wait _ _ I _ _ E Wt) as [l1 [m1 [c1 [T1 [_ Q]]]]]. rewrite T in T1. inversion T1; subst l1 m1 c1.
    apply in_split in Q. destruct Q as [a [d Q]].
    destruct (blocked_by_holder P s D I De (length a) t th l m c0 a d It E Wt T Q (le_n _))
      as [u [thu [m' [Iu [Eu [Hu [Wr _]]]]]]].
    exists th, l, m, c0, u, thu, m'. repeat split; auto. }
  set (R0 := fun t u => holdsWanted (standOf s t) (standOf s u)).
  assert (Total : forall t, In t D -> exists u, In u D /\ R0 t u).
  { intros t It. destruct (Hold t It) as [th [l [m [c0 [u [thu [m' [E [Wt [T [Iu [Eu [[l' [Il Ei]] Wr]]]]]]]]]]]]].
    exists u. split; [assumption|]. destruct (Hold u Iu) as [th2 [l2 [m2 [c2 [_ [_ [_ [E2 [_ [T2 _]]]]]]]]]].
    rewrite Eu in E2. inversion E2; subst th2. unfold R0, holdsWanted, wants.
    rewrite (standOf_waiting _ _ _ _ _ _ E T), (standOf_waiting _ _ _ _ _ _ Eu T2). cbn. eauto. }
  destruct (some_circle R0 D (proj1 De) Total) as [l0 [N0 [Inc0 W0]]].
  destruct (shortest R0 instance_dec (fun t => wants (standOf s t)) D) with (n := length l0) (l := l0)
    as [l [N [Inc [Wl Nd]]]]; auto.
  { intros y z u _ E X. unfold R0, holdsWanted in *. now rewrite E. }
  exists (map (standOf s) l). constructor.
  - destruct l; [contradiction|discriminate].
  - intros x Ix. apply in_map_iff in Ix. destruct Ix as [t [<- It]].
    destruct (Hold t (Inc t It)) as [th [l1 [m [c0 [_ [_ [_ [E [Wt [T [_ [_ [_ Wr]]]]]]]]]]]]].
    rewrite (standOf_waiting _ _ _ _ _ _ E T). cbn. split; [|assumption]. eapply place_of; eauto.
  - intros d. replace (hd d (map (standOf s) l)) with (standOf s (hd 0 l)) by (destruct l; [contradiction|reflexivity]).
    clear -Wl. generalize (hd 0 l) Wl. intros b. clear Wl. induction l as [|x l IH]; cbn; [auto|].
    intros [A B]. split; [|auto]. destruct l; exact A.
  - rewrite map_map. exact Nd.
  - intros x y Ix Iy Nxy. apply in_map_iff in Ix, Iy. destruct Ix as [t [<- It]], Iy as [u [<- Iu]].
    destruct (Hold t (Inc t It)) as [th [l1 [m [c0 [_ [_ [_ [E [_ [T _]]]]]]]]]].
    destruct (Hold u (Inc u Iu)) as [thu [l2 [m2 [c2 [_ [_ [_ [Eu [_ [Tu _]]]]]]]]]].
    assert (Ntu : t <> u) by (intros ->; contradiction).
    rewrite (standOf_waiting _ _ _ _ _ _ E T), (standOf_waiting _ _ _ _ _ _ Eu Tu). intros a ma b mb Ia Ib Ei. cbn in *.
    eapply (i_excl _ _ I t u th thu (instanceOf P (session th) a)); eauto.
    + exists a. auto.
    + exists b. auto.
Qed.

(** No circle, no deadlock. *)
Corollary no_circle : (forall c, ~ circle c) -> forall s, reachable P s -> ~ deadlock P s.
Proof. intros N s Re De. destruct (deadlock_circle s Re De) as [c Ci]. exact (N c Ci). Qed.

(** How often a circle can change its session: at most once for each written lock of the program. *)
Definition wanted (x : stand) : lock := fst (snd (fst x)).
Definition ofProgram (l : lock) : bool := negb (isSession P l).
Definition programEdges (c : list stand) := filter (fun x => ofProgram (wanted x)) c.

Theorem session_changes c : circle c ->
  length (programEdges c) <= length (nodup Nat.eq_dec (filter ofProgram (written P))).
Proof.
  intros [_ Pl _ Once _].
  assert (Nd : NoDup (map wanted (programEdges c))).
  { clear Pl. unfold programEdges. induction c as [|x c IH]; [constructor|]. cbn [filter].
    cbn [map] in Once. inversion Once as [|? ? N Once']; subst. specialize (IH Once').
    destruct (ofProgram (wanted x)) eqn:Sc; [|assumption]. cbn [map]. constructor; [|assumption].
    intros I. apply N. apply in_map_iff in I. destruct I as [y [E I]]. apply filter_In in I. destruct I as [I Sy].
    apply in_map_iff. exists y. split; [|assumption]. unfold wants, instanceOf. fold (wanted x). fold (wanted y).
    rewrite E. unfold ofProgram in Sc. apply negb_true_iff in Sc. rewrite Sc. reflexivity. }
  rewrite <- (map_length wanted). apply NoDup_incl_length; [assumption|].
  intros l I. apply in_map_iff in I. destruct I as [x [<- I]]. apply filter_In in I. destruct I as [I Sx].
  apply nodup_In, filter_In. split; [|assumption]. apply memb_in. now apply Pl.
Qed.
End WithProgram.
