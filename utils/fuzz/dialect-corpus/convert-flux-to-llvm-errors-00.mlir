flux.lock @l program
