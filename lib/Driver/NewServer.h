//===- NewServer.h - Small servers to start from ------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_DRIVER_NEWSERVER_H
#define FLUX_LIB_DRIVER_NEWSERVER_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace flux {

/// Writes NAME.flux and NAME.c, a small server: one that counts if `kind` is empty, or one of flux/net's kinds, `echo`,
/// `http` or `udp`. Says on standard output what it has written and how to build it. Files that exist are left alone.
/// Returns an empty string, or what is wrong.
std::string writeNewServer(llvm::StringRef name, llvm::StringRef kind);

} // namespace flux

#endif // FLUX_LIB_DRIVER_NEWSERVER_H
