(** The checker as a program, and those of its parts that the reader of files uses to say why it refuses. *)
From Flux Require Import Model Checker Graph Contexts Handlers Accept.
From Coq Require Import ExtrOcamlBasic ExtrOcamlNatInt.
Extraction Blacklist List.
Extraction "checker_core.ml" checkGraph
  callsAfter wider takes takesAll enter enterAll nothing inOrder pointAt point_eqb holdsAlready memb
  answersWell mayFail advance outside
  stepsOf leftPoints allPoints lockFacts eliminates upgrades rises.
