From Flux Require Import Model Checker Graph.
From Coq Require Import ExtrOcamlBasic ExtrOcamlNatInt.
Extraction Blacklist List.
Extraction "checker_core.ml" checkGraph checkSteps eliminates grow startAt rises pointAt enter nothing inOrder lockFacts holdsAlready memb.
