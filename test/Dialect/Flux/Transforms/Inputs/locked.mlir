flux.lock @a program rank 0
