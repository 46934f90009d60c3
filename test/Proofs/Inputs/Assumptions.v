(** What each theorem assumes that is not proved: nothing. *)
From Flux Require Import Model Checker Sound Circle Search Finish Reach Graph Accept Elision Reduced Removal.
Print Assumptions checkGraph_sound.
Print Assumptions checkGraph_can_finish.
Print Assumptions checkGraph_no_upgrade.
Print Assumptions checkGraph_exclusive.
Print Assumptions inline_unfold.
Print Assumptions deadlock_circle.
Print Assumptions session_changes.
Print Assumptions exact_criterion.
Print Assumptions deadlock_stays.
Print Assumptions brief_deadlocks.
Print Assumptions few_sessions_suffice.
Print Assumptions reduced_deadlock_free.
Print Assumptions reduced_excludes.
Print Assumptions one_loop.
Print Assumptions several_loops.
Print Assumptions no_loops.
