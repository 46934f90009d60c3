flux.lock @unused program
