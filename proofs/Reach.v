(** The semantics is not empty: the program that the old criterion accepted reaches a deadlock in it. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From Flux Require Import Model Checker Invariant Sound Finish Examples.

Section WithProgram.
Variable P : program.

Inductive action :=
| ASpawn (t f n : nat)
| ALocal (t : nat) (second : bool)
| ATake (t : nat)
| AAsk (t : nat).

Definition localStep (second : bool) (H : list hold) (c : list item) : option (list hold * list item) :=
  match c with
  | Run Skip :: c | Run (Node _) :: c => Some (H, c)
  | Run NoMatch :: c => None
  | Run (Seq p q) :: c => Some (H, Run p :: Run q :: c)
  | Run (Branch p q) :: c => Some (H, Run (if second then q else p) :: c)
  | Run (Region hs p) :: c => Some (H, regionCode (inOrder (rank P) hs) [Run p] c)
  | Acquire h :: c => if holdsAlready H h then Some (h :: H, c) else None
  | Run (Call f p) :: c => Some (H, Run p :: Return f :: c)
  | Release n :: c => Some (skipn n H, c)
  | Return _ :: c => Some (H, c)
  | [] => None
  end.

Lemma localStep_sound second H c H' c' : localStep second H c = Some (H', c') -> local P (H, c) (H', c').
Proof.
  destruct c as [|[p|h|n|f] c]; cbn; [discriminate| | | |].
  - destruct p; intros E; inversion E; subst; try constructor. destruct second; constructor.
  - destruct (holdsAlready H h) eqn:A; intros E; inversion E; subst. now constructor.
  - intros E; inversion E; subst. constructor.
  - intros E; inversion E; subst. constructor.
Qed.

(** [ts] lists at least all flows that there are. *)
Definition act (ts : list nat) (s : state) (a : action) : option state :=
  match a with
  | ASpawn t f n =>
      match threads s t, nth_error (flows P) f with
      | None, Some f => Some {| threads := upd (threads s) t (Some
            {| session := n; held := []; todo := [Run f]; waiting := false |}); queue := queue s |}
      | _, _ => None
      end
  | ALocal t second =>
      match threads s t with
      | Some th => if waiting th then None else
          match localStep second (held th) (todo th) with
          | Some (H, c) => Some {| threads := upd (threads s) t (Some (setThread th H c false)); queue := queue s |}
          | None => None
          end
      | None => None
      end
  | ATake t =>
      match threads s t with
      | Some th => if waiting th then None else
          match todo th with
          | Acquire (l, m) :: c =>
              if holdsAlready (held th) (l, m) then None else
              if isFreeb P s ts (instanceOf P (session th) l) m
              then Some {| threads := upd (threads s) t (Some (setThread th ((l, m) :: held th) c false)); queue := queue s |}
              else None
          | _ => None
          end
      | None => None
      end
  | AAsk t =>
      match threads s t with
      | Some th => if waiting th then None else
          match todo th with
          | Acquire (l, m) :: c =>
              if holdsAlready (held th) (l, m) then None else
              Some {| threads := upd (threads s) t (Some (setThread th (held th) (todo th) true));
                      queue := updq (queue s) (instanceOf P (session th) l)
                                 (queue s (instanceOf P (session th) l) ++ [(t, m)]) |}
          | _ => None
          end
      | None => None
      end
  end.

Definition target a := match a with ASpawn t _ _ | ALocal t _ | ATake t | AAsk t => t end.

Lemma act_sound ts s a s' : supported s ts -> act ts s a = Some s' -> exists own, step P own s s'.
Proof.
  intros Su E. destruct a as [t f n|t second|t|t]; cbn in E.
  - destruct (threads s t) eqn:T; [discriminate|]. destruct (nth_error (flows P) f) eqn:F; [|discriminate].
    inversion E; subst. eexists. eapply SSpawn; eauto. eapply nth_error_In; eauto.
  - destruct (threads s t) as [th|] eqn:T; [|discriminate]. destruct (waiting th) eqn:Wt; [discriminate|].
    destruct (localStep second (held th) (todo th)) as [[H c]|] eqn:L; [|discriminate]. inversion E; subst.
    eexists. eapply SLocal; eauto. eapply localStep_sound; eauto.
  - destruct (threads s t) as [th|] eqn:T; [|discriminate]. destruct (waiting th) eqn:Wt; [discriminate|].
    destruct (todo th) as [|[p|[l m]|k|g] c] eqn:Td; try discriminate.
    destruct (holdsAlready (held th) (l, m)) eqn:A; [discriminate|].
    destruct (isFreeb P s ts (instanceOf P (session th) l) m) eqn:Fr; [|discriminate]. inversion E; subst.
    eexists. eapply SBarge; eauto. eapply isFreeb_true; eauto.
  - destruct (threads s t) as [th|] eqn:T; [|discriminate]. destruct (waiting th) eqn:Wt; [discriminate|].
    destruct (todo th) as [|[p|[l m]|k|g] c] eqn:Td; try discriminate.
    destruct (holdsAlready (held th) (l, m)) eqn:A; [discriminate|]. inversion E; subst.
    eexists. rewrite <- Td. eapply SRequest; eauto.
Qed.

Lemma act_supported ts s a s' : supported s ts -> In (target a) ts -> act ts s a = Some s' -> supported s' ts.
Proof.
  intros Su I E u thu Eu. destruct (act_sound _ _ _ _ Su E) as [own St].
  destruct a as [t f n|t second|t|t]; cbn in E, I;
    repeat match type of E with
    | match ?x with _ => _ end = _ => destruct x; try discriminate
    | (if ?x then _ else _) = _ => destruct x; try discriminate
    end; inversion E; subst; cbn in Eu; unfold upd in Eu; destruct (u =? t) eqn:X;
    try (apply Nat.eqb_eq in X; now subst); eapply Su; eauto.
Qed.

Fixpoint acts ts s (l : list action) : option state :=
  match l with [] => Some s | a :: l => match act ts s a with Some s' => acts ts s' l | None => None end end.

Lemma acts_reachable ts : forall l s s', reachable P s -> supported s ts -> (forall a, In a l -> In (target a) ts) ->
  acts ts s l = Some s' -> reachable P s'.
Proof.
  induction l as [|a l IH]; intros s s' Re Su Ts E; cbn in E; [now inversion E; subst|].
  destruct (act ts s a) as [s1|] eqn:A; [|discriminate]. destruct (act_sound _ _ _ _ Su A) as [own St].
  apply (IH s1 s'); [|eapply act_supported; eauto; apply Ts; now left| |assumption].
  - eapply RStep; eauto.
  - intros b Ib. apply Ts. now right.
Qed.

Definition blockedb s t u : bool :=
  match threads s t, threads s u with
  | Some th, Some thu => waiting th &&
      match todo th with
      | Acquire (l, m) :: _ => existsb (fun x =>
          instance_eqb (instanceOf P (session thu) (fst x)) (instanceOf P (session th) l) && conflict m (snd x)) (held thu)
      | _ => false
      end
  | _, _ => false
  end.

Lemma deadlockb_sound s D : D <> [] -> forallb (fun t => existsb (blockedb s t) D) D = true -> deadlockOf P s D.
Proof.
  intros N F. split; [assumption|]. intros t It. rewrite forallb_forall in F. specialize (F t It).
  apply existsb_exists in F. destruct F as [u [Iu B]]. exists u. split; [assumption|].
  unfold blockedb in B. destruct (threads s t) as [th|] eqn:E; [|discriminate].
  destruct (threads s u) as [thu|] eqn:Eu; [|discriminate]. apply andb_true_iff in B. destruct B as [Wt B].
  destruct (todo th) as [|[p|[l m]|k|g] c] eqn:T; try discriminate. apply existsb_exists in B.
  destruct B as [[l' m'] [I B]]. cbn in B. apply andb_true_iff in B. destruct B as [Ei C]. apply instance_eqb_eq in Ei.
  exists th, l, m, c. repeat (split; [assumption|]). left. exists thu, m'. split; [assumption|]. split; [|assumption].
  exists l'. auto.
Qed.
End WithProgram.

(** Flow [t], of flow [f] and session [n], comes to hold [k] locks one inside the other and asks for the next. *)
Definition comeTo (t f n k : nat) : list action :=
  ASpawn t f n :: concat (repeat [ALocal t false; ATake t; ALocal t false; ALocal t false] k) ++ [ALocal t false; AAsk t].

Definition schedule : list action :=
  comeTo 0 0 1 1 ++ comeTo 1 1 1 2 ++ comeTo 2 2 2 2 ++ comeTo 3 0 2 1 ++ comeTo 4 3 2 2 ++ comeTo 5 4 1 2.

Theorem brief_deadlocks : exists s, reachable brief s /\ deadlock brief s.
Proof.
  assert (E : exists s, acts brief [0; 1; 2; 3; 4; 5] initial schedule = Some s /\
    forallb (fun t => existsb (blockedb brief s t) [0; 1; 2; 3; 4; 5]) [0; 1; 2; 3; 4; 5] = true).
  { eexists. split; [vm_compute; reflexivity|]. vm_compute. reflexivity. }
  destruct E as [s [E B]]. exists s. split.
  - eapply acts_reachable; [apply RInit| | |exact E].
    + intros t th X. discriminate.
    + intros a Ia. assert (F : forallb (fun a => existsb (Nat.eqb (target a)) [0; 1; 2; 3; 4; 5]) schedule = true)
        by (vm_compute; reflexivity).
      rewrite forallb_forall in F. specialize (F a Ia). apply existsb_exists in F. destruct F as [x [Ix Ex]].
      apply Nat.eqb_eq in Ex. now rewrite Ex.
  - exists [0; 1; 2; 3; 4; 5]. apply deadlockb_sound; [discriminate|exact B].
Qed.
