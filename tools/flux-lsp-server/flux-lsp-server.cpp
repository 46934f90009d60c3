//===- flux-lsp-server.cpp - Serves editors of .flux files ------------------------------------------------------===//

#include "flux/LSP/RunServer.h"

int main(int argc, char **argv) { return flux::runLspServer(argc, argv); }
