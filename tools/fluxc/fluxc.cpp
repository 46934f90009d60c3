//===- fluxc.cpp - Makes servers out of .flux files and nodes ---------------------------------------------------===//

#include "flux/Driver/Fluxc.h"

int main(int argc, char **argv) { return flux::runFluxc(argc, argv); }
