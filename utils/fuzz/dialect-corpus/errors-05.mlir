flux.lock @l thread
