//===- CTypes.cpp - Layout of C's own types --------------------------------------------------------------------===//

#include "flux/Dialect/Flux/IR/CTypes.h"
#include "llvm/ADT/StringSwitch.h"

using namespace flux;
using llvm::StringRef;

/// Drops leading `const` and `volatile`, which change neither class nor layout of a value.
static StringRef withoutQualifiers(StringRef spelling) {
  while (spelling.consume_front("const ") || spelling.consume_front("volatile "))
    continue;
  return spelling;
}

std::optional<CLayout> flux::layoutOfBuiltin(StringRef canonical) {
  if (canonical.ends_with("*") || canonical.contains("(*)"))
    return CLayout{CClass::Pointer, 8, 8};

  auto scalar = [](CClass cls, uint64_t size) { return std::optional<CLayout>({cls, size, size}); };
  return llvm::StringSwitch<std::optional<CLayout>>(withoutQualifiers(canonical))
      .Cases({"bool", "_Bool"}, scalar(CClass::Bool, 1))
      .Cases({"char", "signed char"}, scalar(CClass::Signed, 1))
      .Case("unsigned char", scalar(CClass::Unsigned, 1))
      .Case("short", scalar(CClass::Signed, 2))
      .Case("unsigned short", scalar(CClass::Unsigned, 2))
      .Cases({"int", "wchar_t"}, scalar(CClass::Signed, 4))
      .Case("unsigned int", scalar(CClass::Unsigned, 4))
      .Cases({"long", "long long"}, scalar(CClass::Signed, 8))
      .Cases({"unsigned long", "unsigned long long"}, scalar(CClass::Unsigned, 8))
      .Case("char8_t", scalar(CClass::Unsigned, 1))
      .Case("char16_t", scalar(CClass::Unsigned, 2))
      .Case("char32_t", scalar(CClass::Unsigned, 4))
      .Case("float", scalar(CClass::Float, 4))
      .Case("double", scalar(CClass::Float, 8))
      // As a register neither target treats it like double; it is only ever copied.
      .Case("long double", std::optional<CLayout>({CClass::Record, 16, 16}))
      .Default(std::nullopt);
}
