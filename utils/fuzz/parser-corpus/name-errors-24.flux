main (int a) => ();
flux_stop (int a) => ();
