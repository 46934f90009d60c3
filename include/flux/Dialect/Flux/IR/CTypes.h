//===- CTypes.h - Layout of C's own types -----------------------------------------------------------*- C++ -*-===//
//
// What the dialect knows of C without asking a C compiler: the arithmetic types and pointers of the LP64 data model
// (System V psABI for x86-64; AAPCS64 agrees on all of them but plain char's sign, which nothing here depends on).
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_DIALECT_FLUX_IR_CTYPES_H
#define FLUX_DIALECT_FLUX_IR_CTYPES_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace flux {

/// How values of a C type travel in machine code.
enum class CClass {
  Bool,     ///< `bool`: one byte holding 0 or 1
  Signed,   ///< signed integers
  Unsigned, ///< unsigned integers
  Float,    ///< `float` and `double`
  Pointer,  ///< any data or function pointer
  Record    ///< anything else, moved as bytes
};

/// Class, size and alignment of a type; sizes are in bytes.
struct CLayout {
  CClass cls;
  uint64_t size;
  uint64_t align;
};

/// Returns the layout of an arithmetic type or a pointer given its canonical spelling, and nothing for other types. A
/// canonical spelling has no typedefs, one space between words, and one before the stars: `unsigned long`, `char **`.
std::optional<CLayout> layoutOfBuiltin(llvm::StringRef canonical);

} // namespace flux

#endif // FLUX_DIALECT_FLUX_IR_CTYPES_H
