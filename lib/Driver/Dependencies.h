//===- Dependencies.h - Of which files something is made, as make writes it ----------------------------*- C++ -*-===//

#ifndef FLUX_LIB_DRIVER_DEPENDENCIES_H
#define FLUX_LIB_DRIVER_DEPENDENCIES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace flux {

/// The files that a rule of make names behind its target: what a compiler writes with -MD.
std::vector<std::string> readDependencies(llvm::StringRef rule);

/// A rule of make, without commands, for `target` and these files, each of them once.
std::string writeDependencies(llvm::StringRef target, llvm::ArrayRef<std::string> files);

} // namespace flux

#endif // FLUX_LIB_DRIVER_DEPENDENCIES_H
