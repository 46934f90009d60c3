//===- KnownFunctions.cpp - What is known of the C and C++ libraries' functions -----------------------------------===//

#include "KnownFunctions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Demangle/Demangle.h"
#include <vector>

using namespace flux;
using llvm::StringRef;

namespace {

/// KnownFunctions.def, made ready for look-ups.
struct KnownFunctions {
  llvm::StringMap<KnownFunction> functions;
  std::vector<std::pair<StringRef, KnownFunction>> prefixes;

  KnownFunctions() {
#define FLUX_BLOCKS(NAME) functions[NAME] = {true, Nothing};
#define FLUX_NEVER_BLOCKS(NAME, CALLS_BACK) functions[NAME] = {false, CALLS_BACK};
#define FLUX_NEVER_BLOCKS_PREFIX(PREFIX, CALLS_BACK) prefixes.push_back({PREFIX, {false, CALLS_BACK}});
#define FLUX_MATHEMATICAL(NAME)                                                                                        \
  FLUX_NEVER_BLOCKS(NAME, Nothing) FLUX_NEVER_BLOCKS(NAME "f", Nothing) FLUX_NEVER_BLOCKS(NAME "l", Nothing)
#include "KnownFunctions.def"
#undef FLUX_BLOCKS
#undef FLUX_NEVER_BLOCKS
#undef FLUX_NEVER_BLOCKS_PREFIX
#undef FLUX_MATHEMATICAL
  }
};

} // namespace

static const KnownFunctions &known() {
  static const KnownFunctions functions;
  return functions;
}

/// The name of a C++ function without what it returns and takes: a template's symbol begins with what it returns.
static std::string qualifiedName(StringRef symbol) {
  const std::string whole = symbol.str(); // The demangler goes on reading it.
  llvm::ItaniumPartialDemangler demangler;
  if (demangler.partialDemangle(whole.c_str()) || !demangler.isFunction())
    return whole;
  char *name = demangler.getFunctionName(nullptr, nullptr);
  std::string result = name ? name : "";
  std::free(name);
  return result;
}

std::optional<KnownFunction> flux::findKnownFunction(StringRef symbol) {
  if (auto found = known().functions.find(symbol); found != known().functions.end())
    return found->second;
  std::string name = qualifiedName(symbol);
  for (auto [prefix, function] : known().prefixes)
    if (StringRef(name).starts_with(prefix))
      return function;
  return std::nullopt;
}

llvm::ArrayRef<StringRef> flux::allocatorSymbols() {
  static constexpr StringRef symbols[] = {"malloc",        "calloc",         "realloc",  "free",
                                          "aligned_alloc", "posix_memalign", "memalign", "reallocarray"};
  return symbols;
}

llvm::ArrayRef<StringRef> flux::operatorSymbols() {
  static constexpr StringRef symbols[] = {"_Znwm",
                                          "_Znam",
                                          "_ZnwmRKSt9nothrow_t",
                                          "_ZnamRKSt9nothrow_t",
                                          "_ZnwmSt11align_val_t",
                                          "_ZnamSt11align_val_t",
                                          "_ZnwmSt11align_val_tRKSt9nothrow_t",
                                          "_ZnamSt11align_val_tRKSt9nothrow_t",
                                          "_ZdlPv",
                                          "_ZdaPv",
                                          "_ZdlPvm",
                                          "_ZdaPvm",
                                          "_ZdlPvRKSt9nothrow_t",
                                          "_ZdaPvRKSt9nothrow_t",
                                          "_ZdlPvSt11align_val_t",
                                          "_ZdaPvSt11align_val_t",
                                          "_ZdlPvmSt11align_val_t",
                                          "_ZdaPvmSt11align_val_t",
                                          "_ZdlPvSt11align_val_tRKSt9nothrow_t",
                                          "_ZdaPvSt11align_val_tRKSt9nothrow_t"};
  return symbols;
}

llvm::ArrayRef<StringRef> flux::registrationsOf(CallsBack what) {
  static constexpr StringRef newHandler[] = {"_ZSt15set_new_handlerPFvvE"};
  static constexpr StringRef terminator[] = {"_ZSt13set_terminatePFvvE", "_ZSt14set_unexpectedPFvvE"};
  static constexpr StringRef conversions[] = {"register_printf_function", "register_printf_specifier",
                                              "register_printf_modifier", "register_printf_type"};
  switch (what) {
  case NewHandler:
    return newHandler;
  case Terminator:
    return terminator;
  case Conversions:
    return conversions;
  default:
    return {};
  }
}
