//===- InputFiles.h - The files that clang may read --------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_HEADERS_CLANG_INPUTFILES_H
#define FLUX_LIB_HEADERS_CLANG_INPUTFILES_H

#include "llvm/Support/VirtualFileSystem.h"

namespace flux {

/// The files of the system, but that opening one for reading fails, with the reason, where it could wait or never end:
/// at pipes, sockets, devices and files that are too large.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> inputFiles();

} // namespace flux

#endif // FLUX_LIB_HEADERS_CLANG_INPUTFILES_H
