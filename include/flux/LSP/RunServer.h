//===- RunServer.h - The language server of .flux files ------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LSP_RUNSERVER_H
#define FLUX_LSP_RUNSERVER_H

namespace flux {

/// Serves one editor by the Language Server Protocol on standard input and output until it says `exit`. Returns the
/// exit status of the process: 0 only if the editor has asked for the shutdown first.
int runLspServer(int argc, char **argv);

} // namespace flux

#endif // FLUX_LSP_RUNSERVER_H
