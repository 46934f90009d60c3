//===- Sanitizers.h - Which runtime a server that is built with a sanitizer needs -------------------*- C++ -*-===//

#ifndef FLUX_LIB_DRIVER_SANITIZERS_H
#define FLUX_LIB_DRIVER_SANITIZERS_H

#include "llvm/ADT/ArrayRef.h"
#include <string>

namespace flux {

/// What -fsanitize= and its like ask of the runtime.
struct SanitizedRuntime {
  std::string name;      ///< of the sanitizer that wants a runtime of its own; empty: the plain one will do
  std::string suffix;    ///< of that archive's name: `-tsan` or `-asan`
  bool isClangs = false; ///< whether the archive calls what only clang's sanitizer has
  std::string refused;   ///< a sanitizer for which there is no runtime
};

/// Reads the flags in their order: later ones take back what earlier ones have asked for.
SanitizedRuntime findSanitizedRuntime(llvm::ArrayRef<std::string> flags);

} // namespace flux

#endif // FLUX_LIB_DRIVER_SANITIZERS_H
