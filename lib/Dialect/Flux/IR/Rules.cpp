//===- Rules.cpp - The rules of Flux programs, in words ---------------------------------------------------------===//

#include "flux/Dialect/Flux/IR/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace flux;
using llvm::StringRef;

//===-------------------------------------------------------------------------------------------------------------===//
// Names
//===-------------------------------------------------------------------------------------------------------------===//

static const llvm::StringSet<> &cKeywords() {
  // clang-format off: as a paragraph
  static const llvm::StringSet<> keywords = {
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch",
      "char", "char16_t", "char32_t", "class", "compl", "const", "const_cast", "constexpr", "continue", "decltype",
      "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false",
      "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept",
      "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register",
      "reinterpret_cast", "restrict", "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast",
      "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename",
      "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq", "_Alignas",
      "_Alignof", "_Atomic", "_Bool", "_Complex", "_Generic", "_Imaginary", "_Noreturn", "_Static_assert",
      "_Thread_local"};
  // clang-format on
  return keywords;
}

bool flux::isCKeyword(StringRef name) { return cKeywords().contains(name); }

bool flux::isName(StringRef text) {
  return !text.empty() && text != "_" && !llvm::isDigit(text.front()) &&
         llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

bool flux::isWrapper(StringRef name) {
  return (name.consume_back(".flow") || name.consume_back(".source")) && isName(name);
}

StringRef flux::withoutWrapper(StringRef name) { return isWrapper(name) ? name.split('.').first : name; }

StringRef flux::ownerOfStruct(StringRef name) {
  return name.consume_back("_in") || name.consume_back("_out") ? name : StringRef();
}

static std::string quote(StringRef text) { return ("'" + text + "'").str(); }

std::string flux::whyNoName(StringRef name, StringRef kind) {
  if (isName(name))
    return "";
  return quote(name) + " cannot name a " + kind.str() + ": names are letters, digits and _, and begin with no digit";
}

std::string flux::whyNoCFunction(StringRef name, StringRef kind) {
  if (isCKeyword(name))
    return quote(name) + " is a keyword of C or C++ and cannot name a " + kind.str();
  if (name == "main" || name.starts_with("flux_"))
    return quote(name) + " is defined by the Flux runtime and cannot name a " + kind.str();
  return whyNoName(name, kind);
}

std::string flux::whyNoField(StringRef name) {
  if (isCKeyword(name))
    return quote(name) + " is a keyword of C or C++ and cannot name an argument";
  return isName(name)
             ? ""
             : quote(name) + " cannot name an argument: names are letters, digits and _, and begin with no digit";
}

std::string flux::whyNoHeader(StringRef name) {
  if (name.trim().empty())
    return "the header's name is empty";
  if (name.find_first_of(StringRef("\"\n\0", 3)) != StringRef::npos)
    return "the header's name has a character that no #include can hold";
  return "";
}

bool flux::isTypeSpelling(StringRef spelling) {
  StringRef bare = spelling;
  while (bare.consume_front("const ") || bare.consume_front("volatile "))
    continue;
  if (bare.empty() || bare == "void" || llvm::isDigit(bare.front()))
    return false;
  unsigned depth = 0;
  for (char c : bare) {
    // Within a template's arguments or a function's parameters there may be references and arrays.
    bool isPlain = llvm::isAlnum(c) || StringRef("_ :*<>(),").contains(c);
    if (!isPlain && !(depth > 0 && StringRef("&[]").contains(c)))
      return false;
    if (c == '<' || c == '(')
      ++depth;
    else if ((c == '>' || c == ')') && depth-- == 0)
      return false;
  }
  return depth == 0;
}

//===-------------------------------------------------------------------------------------------------------------===//
// What is wrong between the parts of a program
//===-------------------------------------------------------------------------------------------------------------===//

std::string flux::sayFieldTwice(StringRef side, StringRef name) {
  return "two " + side.str() + " are named " + quote(name);
}

std::string flux::sayStructName(StringRef name, StringRef owner) {
  return quote(name) + " is the name of a struct that belongs to " + quote(owner);
}

std::string flux::sayTwoKinds(StringRef function, StringRef kind, StringRef other) {
  return "C function " + quote(function) + " cannot be a " + kind.str() + " and a " + other.str() +
         " at once: their prototypes differ";
}

std::string flux::saySourceTwice(StringRef function, StringRef target) {
  return "source " + quote(function) + " starts " + quote(target) + " twice";
}

std::string flux::sayNeverTaken(StringRef flow) { return "this case of " + quote(flow) + " is never taken"; }

std::string flux::sayOtherFieldType(StringRef predicate, StringRef taken, StringRef field, StringRef type) {
  return "predicate " + quote(predicate) + " takes " + quote(taken) + ", but " + quote(field) + " is " + quote(type);
}

std::string flux::sayBeforeSession(StringRef source, StringRef lock) {
  return "source " + quote(source) + " reaches session lock " + quote(lock) + " before its flow has a session";
}

std::string flux::sayNoSession(StringRef source, StringRef lock) {
  return "source " + quote(source) + " starts flows that reach session lock " + quote(lock) + ", but names no session";
}

std::string flux::sayHandledTwice(StringRef function) {
  return "errors of " + quote(function) + " have two handlers in the same place";
}

std::string flux::sayNeverWithin(StringRef inner, StringRef outer) {
  return quote(inner) + " never runs within " + quote(outer) + ", so this handler would never be called";
}

std::string flux::sayServesTwo(StringRef what, StringRef function, StringRef first, StringRef second) {
  return what.str() + " " + quote(function) + " serves " + quote(first) + " and " + quote(second) +
         ", whose inputs differ; give each its own function";
}
