flux.lock @a program rank 1
flux.lock @b program rank 1
