//===- flux-opt.cpp - Runs passes over Flux programs -----------------------------------------------------------===//

#include "flux/Driver/OptDriver.h"

int main(int argc, char **argv) { return flux::runOpt(argc, argv); }
