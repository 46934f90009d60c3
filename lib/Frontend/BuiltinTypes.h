//===- BuiltinTypes.h - Names of C's arithmetic types -----------------------------------------------*- C++ -*-===//
//
// What a C type that needs no header is called. Layouts of the canonical names: flux/Dialect/Flux/IR/CTypes.h.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_LIB_FRONTEND_BUILTINTYPES_H
#define FLUX_LIB_FRONTEND_BUILTINTYPES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace flux::frontend {

/// Whether `word` can be part of the name of an arithmetic type or is `void`.
bool isArithmeticWord(llvm::StringRef word);

/// The canonical name of the type that `words` spell in any order, such as `unsigned long` for `long unsigned int`;
/// nothing if they spell no type.
std::optional<llvm::StringRef> canonicalOfWords(llvm::ArrayRef<llvm::StringRef> words);

/// The canonical name of a typedef that every LP64 Linux agrees on, such as `unsigned int` for `uint32_t`; nothing for
/// other names. These need no `include`.
std::optional<llvm::StringRef> canonicalOfStandardTypedef(llvm::StringRef name);

} // namespace flux::frontend

#endif // FLUX_LIB_FRONTEND_BUILTINTYPES_H
