flux.lock @l program rank -1
