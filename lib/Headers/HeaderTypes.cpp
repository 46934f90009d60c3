//===- HeaderTypes.cpp - What C and C++ headers say about types -------------------------------------------------===//
//
// The answer comes from a library of its own (Clang/), which is linked with clang and opened at its first
// use: few programs need it, and clang would make each start of every tool a third slower.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Headers/HeaderTypes.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace flux;
using llvm::ArrayRef;
using llvm::StringRef;
namespace path = llvm::sys::path;

/// The library lies beside the tool's own directory, in a build as in an installation.
static ReadHeaderTypesFn loadReader(std::string &failure) {
  llvm::SmallString<128> file(llvm::sys::fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&readHeaderTypes)));
  path::remove_filename(file);
  path::append(file, "..", "lib", FLUX_CLANG_LIBRARY);
  auto library = llvm::sys::DynamicLibrary::getPermanentLibrary(file.c_str(), &failure);
  if (!library.isValid())
    return nullptr;
  return reinterpret_cast<ReadHeaderTypesFn>(library.getAddressOfSymbol("flux_read_header_types"));
}

HeaderTypes flux::readHeaderTypes(ArrayRef<StringRef> headers, ArrayRef<std::string> includeDirs,
                                  ArrayRef<StringRef> spellings) {
  HeaderTypes result;
  if (ReadHeaderTypesFn read = loadReader(result.failure))
    read(headers, includeDirs, spellings, result);
  return result;
}
