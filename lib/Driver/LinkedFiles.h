//===- LinkedFiles.h - Which files are linked with the nodes ------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_DRIVER_LINKEDFILES_H
#define FLUX_LIB_DRIVER_LINKEDFILES_H

#include "Compilation.h"

namespace flux {

/// Object files, archives and shared libraries, without those of C and C++ and the runtime's.
struct LinkedFiles {
  std::vector<std::string> files;
  /// The first thing among what is linked that fluxc cannot look into, or an empty string.
  std::string unseen;
};

/// Finds what a build links besides its nodes. `linker` is the command that links.
LinkedFiles findLinkedFiles(const CompilationOptions &options, const CompilationOptions::Words &linker);

} // namespace flux

#endif // FLUX_LIB_DRIVER_LINKEDFILES_H
