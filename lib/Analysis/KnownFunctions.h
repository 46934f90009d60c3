//===- KnownFunctions.h - What is known of the C and C++ libraries' functions -------------------------*- C++ -*-===//

#ifndef FLUX_LIB_ANALYSIS_KNOWNFUNCTIONS_H
#define FLUX_LIB_ANALYSIS_KNOWNFUNCTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace flux {

/// What a library's function may call that is the program's. A set; the rest of the bits are Argument(n).
enum CallsBack : uint32_t {
  Nothing = 0,
  Allocator = 1,    ///< malloc() and its like, if the program has its own
  Operators = 2,    ///< operators new and delete, if it has its own, or what those of the library call
  NewHandler = 4,   ///< a function that std::set_new_handler() was given
  Terminator = 8,   ///< one that std::set_terminate() was given
  Conversions = 16, ///< those that are registered with printf()
  Destructors = 32, ///< those of exceptions
  AtExit = 64,      ///< what runs at the end of the process
};

/// What the argument in this place points to, counted from 0.
constexpr uint32_t Argument(unsigned place) { return uint32_t(1) << (16 + place); }
constexpr unsigned numArguments = 8;

/// Of a function that is the library's own.
struct KnownFunction {
  bool blocks;
  uint32_t callsBack; ///< of one that does not block by itself
};

/// What is known of the function with this symbol.
std::optional<KnownFunction> findKnownFunction(llvm::StringRef symbol);

/// The symbols of the functions that a program may have in the library's place: those of Allocator, and of Operators.
llvm::ArrayRef<llvm::StringRef> allocatorSymbols();
llvm::ArrayRef<llvm::StringRef> operatorSymbols();

/// The symbols of those by which it tells the library what to call, for NewHandler, Terminator and Conversions.
llvm::ArrayRef<llvm::StringRef> registrationsOf(CallsBack what);

} // namespace flux

#endif // FLUX_LIB_ANALYSIS_KNOWNFUNCTIONS_H
