//===- Files.h - Files that users name ----------------------------------------------------------------*- C++ -*-===//
//
// What a user names may be anything: a device that never ends, a pipe that nobody writes to, a directory, a full disk.
// All tools read and write what is named on their command lines or in a program by these functions.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_SUPPORT_FILES_H
#define FLUX_SUPPORT_FILES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>

namespace flux {

/// More than this many bytes are no program, and are not read.
inline constexpr uint64_t maxInputBytes = uint64_t(1) << 28;

/// Opens a file to read; `-` is standard input, read to its end. Returns null and sets `error`, which names the file,
/// if it is not there, is no regular file or is too large. Does not wait for anybody to open the other end of a pipe.
std::unique_ptr<llvm::MemoryBuffer> readFile(llvm::StringRef name, std::string &error);

/// Why a file that is there could not be read by readFile(); empty if it could, or if there is none.
std::string whyUnreadable(llvm::StringRef name);

/// Writes a file that then holds all of `contents`, or is what it was before; `-` is standard output, and a device or a
/// pipe gets what it takes. Returns what went wrong, with the name of the file, or an empty string.
std::string writeFile(llvm::StringRef name, llvm::StringRef contents);

/// Writes out what waits to go to standard output. Returns what went wrong, if anything, then or before.
std::string flushStandardOutput();

} // namespace flux

#endif // FLUX_SUPPORT_FILES_H
