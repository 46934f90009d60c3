// A source waits while the model has as many flows as its options allow, and nothing is lost by that.
Numbers () => (int n);
Work (int n) => ();

source Numbers => Main;
Main = Work;

// The argument is how many flows there may be at once, with the one that its source waits with.
// RUN: %fluxc %s %S/back-pressure.c --model=%model -o %t
// RUN: export FLUX_MAX_FLOWS=2 FLUX_WORKERS=2 FLUX_QUEUE=3
// RUN: %run %t %if Processes %{2%} %else %{%if Workers %{6%} %else %{%if FlowsInTurn %{1%} %else %{3%}%}%}
