//===- flux-translate.cpp - Translates Flux programs to and from other forms ----------------------------------===//

#include "flux/Driver/TranslateDriver.h"

int main(int argc, char **argv) { return flux::runTranslate(argc, argv); }
