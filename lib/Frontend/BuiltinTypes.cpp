//===- BuiltinTypes.cpp - Names of C's arithmetic types ---------------------------------------------------------===//

#include "BuiltinTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace flux;
using namespace flux::frontend;
using llvm::ArrayRef;
using llvm::StringRef;

bool flux::frontend::isArithmeticWord(StringRef word) {
  return llvm::StringSwitch<bool>(word)
      .Cases({"signed", "unsigned", "short", "long", "int", "char", "float", "double"}, true)
      .Cases({"bool", "_Bool", "void", "wchar_t", "char8_t", "char16_t", "char32_t"}, true)
      .Default(false);
}

/// `words` are an integer type's, without `char`: sign, `short` or up to two `long`, `int`.
static std::optional<StringRef> canonicalInteger(ArrayRef<StringRef> words) {
  auto count = [&](StringRef word) { return llvm::count(words, word); };
  size_t shorts = count("short"), longs = count("long"), signs = count("signed") + count("unsigned");
  bool isValid = signs <= 1 && count("int") <= 1 && shorts <= 1 && longs <= 2 && (shorts == 0 || longs == 0) &&
                 signs + count("int") + shorts + longs == words.size();
  if (!isValid)
    return std::nullopt;
  bool isUnsigned = count("unsigned");
  if (shorts)
    return isUnsigned ? "unsigned short" : "short";
  if (longs == 2)
    return isUnsigned ? "unsigned long long" : "long long";
  if (longs == 1)
    return isUnsigned ? "unsigned long" : "long";
  return isUnsigned ? "unsigned int" : "int";
}

std::optional<StringRef> flux::frontend::canonicalOfWords(ArrayRef<StringRef> words) {
  auto has = [&](StringRef word) { return llvm::is_contained(words, word); };
  if (words.size() == 1 && words[0] == "_Bool")
    return "bool";
  if (words.size() == 1 && !has("signed") && !has("unsigned"))
    return words[0];
  if (words.size() == 2 && has("char") && (has("signed") || has("unsigned")))
    return has("signed") ? "signed char" : "unsigned char";
  if (words.size() == 2 && has("long") && has("double"))
    return "long double";
  return canonicalInteger(words);
}

std::optional<StringRef> flux::frontend::canonicalOfStandardTypedef(StringRef name) {
  name.consume_front("std::");
  using Result = std::optional<StringRef>;
  return llvm::StringSwitch<Result>(name)
      .Cases({"int8_t", "__s8"}, Result("signed char"))
      .Cases({"uint8_t", "__u8", "u_int8_t"}, Result("unsigned char"))
      .Cases({"int16_t", "__s16"}, Result("short"))
      .Cases({"uint16_t", "__u16", "u_int16_t", "in_port_t", "sa_family_t"}, Result("unsigned short"))
      .Cases({"int32_t", "__s32", "pid_t"}, Result("int"))
      .Cases({"uint32_t", "__u32", "u_int32_t", "in_addr_t", "socklen_t"}, Result("unsigned int"))
      .Cases({"uid_t", "gid_t", "mode_t"}, Result("unsigned int"))
      .Cases({"int64_t", "intmax_t", "intptr_t", "ptrdiff_t", "ssize_t"}, Result("long"))
      .Cases({"off_t", "time_t", "clock_t", "suseconds_t", "off64_t"}, Result("long"))
      .Cases({"uint64_t", "uintmax_t", "uintptr_t", "size_t", "u_int64_t", "dev_t", "ino_t"}, Result("unsigned long"))
      .Case("__s64", Result("long long"))
      .Case("__u64", Result("unsigned long long"))
      .Default(std::nullopt);
}
