//===- HeaderTypes.h - What C and C++ headers say about types ----------------------------------------*- C++ -*-===//

#ifndef FLUX_HEADERS_HEADERTYPES_H
#define FLUX_HEADERS_HEADERTYPES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flux {

/// What is known of one type.
struct HeaderType {
  enum State {
    Undefined,  ///< no header declares it
    Incomplete, ///< declared, but its members are not known
    Uncopyable, ///< a class that must not be copied byte by byte
    NoObject,   ///< a reference, an array, a function or void
    Known
  };
  State state = Undefined;
  std::string canonical; ///< without typedefs; of an enumeration, its underlying integer
  uint64_t size = 0;     ///< in bytes, if Known
  uint64_t align = 0;
};

struct HeaderPlace {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
};

/// An error that clang finds in a header.
struct HeaderError {
  unsigned header; ///< index of the header that leads there
  HeaderPlace place;
  std::string text;
  std::vector<HeaderPlace> includedAt; ///< how it leads there, if it is another: includes, the innermost first
};

struct HeaderTypes {
  std::string failure;             ///< why clang could not be asked at all; empty if it could
  std::optional<unsigned> missing; ///< index of the header that was not found
  std::vector<HeaderError> errors; ///< in the headers, the first few
  std::vector<HeaderType> types;   ///< parallel to the spellings; no more than a guess if there are errors
};

/// Reads `headers` as C++17 with clang, which is loaded for it, and looks up each of `spellings`. Reads no file,
/// wherever one is included, that is neither a regular one nor of a size that a program may have: that is an error
/// there.
HeaderTypes readHeaderTypes(llvm::ArrayRef<llvm::StringRef> headers, llvm::ArrayRef<std::string> includeDirs,
                            llvm::ArrayRef<llvm::StringRef> spellings);

/// What the library that is linked with clang exports under the name `flux_read_header_types`: the same.
using ReadHeaderTypesFn = void (*)(llvm::ArrayRef<llvm::StringRef> headers, llvm::ArrayRef<std::string> includeDirs,
                                   llvm::ArrayRef<llvm::StringRef> spellings, HeaderTypes &result);

} // namespace flux

#endif // FLUX_HEADERS_HEADERTYPES_H
