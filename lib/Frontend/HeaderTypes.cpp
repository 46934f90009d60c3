//===- HeaderTypes.cpp - What C and C++ headers say about types -------------------------------------------------===//
//
// libclang answers questions about declarations, so the questions are asked as a source file: the headers, then two
// lines for each type. Whether clang finds an error in one of those lines is part of the answer.
//
//   #include "image.h"
//   typedef image_t flux_type_0;                                        undeclared: error here
//   static_assert(__is_trivially_copyable(flux_type_0), "");            incomplete or not copyable: error here
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "HeaderTypes.h"
#include "clang-c/Index.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/DynamicLibrary.h"

using namespace flux::frontend;
using llvm::ArrayRef;
using llvm::StringRef;

#define FLUX_LIBCLANG_FUNCTIONS(F)                                                                                     \
  F(clang_createIndex)                                                                                                 \
  F(clang_disposeIndex)                                                                                                \
  F(clang_disposeDiagnostic)                                                                                           \
  F(clang_disposeString)                                                                                               \
  F(clang_disposeTranslationUnit)                                                                                      \
  F(clang_getCanonicalType)                                                                                            \
  F(clang_getCString)                                                                                                  \
  F(clang_getCursorLocation)                                                                                           \
  F(clang_getCursorSpelling)                                                                                           \
  F(clang_getDiagnostic)                                                                                               \
  F(clang_getDiagnosticLocation)                                                                                       \
  F(clang_getDiagnosticSeverity)                                                                                       \
  F(clang_getDiagnosticSpelling)                                                                                       \
  F(clang_getEnumDeclIntegerType)                                                                                      \
  F(clang_getFileLocation)                                                                                             \
  F(clang_getFileName)                                                                                                 \
  F(clang_getNumDiagnostics)                                                                                           \
  F(clang_getTranslationUnitCursor)                                                                                    \
  F(clang_getTypeDeclaration)                                                                                          \
  F(clang_getTypedefDeclUnderlyingType)                                                                                \
  F(clang_getTypeSpelling)                                                                                             \
  F(clang_Location_isFromMainFile)                                                                                     \
  F(clang_parseTranslationUnit2)                                                                                       \
  F(clang_Type_getAlignOf)                                                                                             \
  F(clang_Type_getSizeOf)                                                                                              \
  F(clang_visitChildren)

namespace {

/// libclang, opened at its first use: few programs need it, and it would double the start-up of all tools.
struct LibClang {
#define FLUX_MEMBER(NAME) decltype(&::NAME) NAME = nullptr;
  FLUX_LIBCLANG_FUNCTIONS(FLUX_MEMBER)
#undef FLUX_MEMBER

  /// Returns why the library cannot be used, or an empty string.
  std::string load() {
    std::string failure;
    auto library = llvm::sys::DynamicLibrary::getPermanentLibrary(FLUX_LIBCLANG, &failure);
    if (!library.isValid())
      return failure;
#define FLUX_LOOK_UP(NAME)                                                                                             \
  NAME = reinterpret_cast<decltype(NAME)>(library.getAddressOfSymbol(#NAME));                                          \
  if (!NAME)                                                                                                           \
    return std::string(FLUX_LIBCLANG " has no " #NAME);
    FLUX_LIBCLANG_FUNCTIONS(FLUX_LOOK_UP)
#undef FLUX_LOOK_UP
    return {};
  }

  std::string take(CXString string) {
    const char *text = clang_getCString(string);
    std::string copy = text ? text : "";
    clang_disposeString(string);
    return copy;
  }
};

/// One parse of the questions.
class Reader {
public:
  Reader(LibClang &clang, ArrayRef<StringRef> headers, ArrayRef<StringRef> spellings)
      : clang(clang), headers(headers), spellings(spellings) {}

  HeaderTypes read(ArrayRef<std::string> includeDirs);

private:
  static constexpr const char *fileName = "flux-types.cpp";
  static constexpr llvm::StringLiteral typePrefix = "flux_type_";
  static constexpr size_t maxErrors = 3;

  std::string questions() const;
  void readErrors(CXTranslationUnit unit);
  void addError(CXDiagnostic diagnostic);
  void visit(CXCursor cursor);
  void describe(HeaderType &type, CXType written);

  LibClang &clang;
  ArrayRef<StringRef> headers;
  ArrayRef<StringRef> spellings;
  std::vector<bool> declared; ///< whether clang accepts the first line of each question
  std::vector<bool> copyable; ///< and its second
  HeaderTypes result;
};

} // namespace

std::string Reader::questions() const {
  std::string text;
  for (StringRef header : headers)
    text += ("#include \"" + header + "\"\n").str();
  for (auto [index, spelling] : llvm::enumerate(spellings)) {
    std::string alias = typePrefix.str() + std::to_string(index);
    text += ("typedef " + spelling + " " + alias + ";\n").str();
    text += "static_assert(__is_trivially_copyable(" + alias + "), \"\");\n";
  }
  return text;
}

/// Files an error under the type whose line it is in, else among those of the headers.
void Reader::addError(CXDiagnostic diagnostic) {
  if (clang.clang_getDiagnosticSeverity(diagnostic) < CXDiagnostic_Error)
    return;
  CXFile file = nullptr;
  HeaderError error;
  clang.clang_getFileLocation(clang.clang_getDiagnosticLocation(diagnostic), &file, &error.line, &error.column,
                              nullptr);
  error.file = file ? clang.take(clang.clang_getFileName(file)) : "";
  error.text = clang.take(clang.clang_getDiagnosticSpelling(diagnostic));
  bool isQuestion = error.file == fileName && error.line > headers.size();
  if (isQuestion) {
    size_t line = error.line - headers.size() - 1;
    std::vector<bool> &accepted = line % 2 == 0 ? declared : copyable;
    if (line / 2 < accepted.size())
      accepted[line / 2] = false;
  } else if (error.file == fileName && error.line > 0) {
    result.missing = error.line - 1;
  } else if (result.errors.size() < maxErrors) {
    result.errors.push_back(std::move(error));
  }
}

void Reader::readErrors(CXTranslationUnit unit) {
  declared.assign(spellings.size(), true);
  copyable.assign(spellings.size(), true);
  for (unsigned i = 0, e = clang.clang_getNumDiagnostics(unit); i < e; ++i) {
    CXDiagnostic diagnostic = clang.clang_getDiagnostic(unit, i);
    addError(diagnostic);
    clang.clang_disposeDiagnostic(diagnostic);
  }
}

/// Fills in what clang knows of the type `written`.
void Reader::describe(HeaderType &type, CXType written) {
  CXType canonical = clang.clang_getCanonicalType(written);
  if (canonical.kind == CXType_Enum) {
    CXCursor declaration = clang.clang_getTypeDeclaration(canonical);
    canonical = clang.clang_getCanonicalType(clang.clang_getEnumDeclIntegerType(declaration));
  }
  type.canonical = clang.take(clang.clang_getTypeSpelling(canonical));
  bool isObject =
      !llvm::is_contained({CXType_Void, CXType_LValueReference, CXType_RValueReference, CXType_ConstantArray,
                           CXType_IncompleteArray, CXType_VariableArray, CXType_FunctionProto, CXType_FunctionNoProto},
                          canonical.kind);
  long long size = clang.clang_Type_getSizeOf(canonical), align = clang.clang_Type_getAlignOf(canonical);
  if (!isObject) {
    type.state = HeaderType::NoObject;
  } else if (size <= 0 || align <= 0) {
    type.state = HeaderType::Incomplete;
  } else {
    type.state = HeaderType::Known;
    type.size = size;
    type.align = align;
  }
}

/// Takes the answer that a declaration of the questions' file gives.
void Reader::visit(CXCursor declaration) {
  std::string name = clang.take(clang.clang_getCursorSpelling(declaration));
  StringRef number = name;
  size_t index;
  bool isQuestion = number.consume_front(typePrefix) && !number.getAsInteger(10, index) && index < spellings.size() &&
                    clang.clang_Location_isFromMainFile(clang.clang_getCursorLocation(declaration));
  if (!isQuestion || !declared[index])
    return;
  HeaderType &type = result.types[index];
  describe(type, clang.clang_getTypedefDeclUnderlyingType(declaration));
  if (type.state == HeaderType::Known && !copyable[index])
    type.state = HeaderType::Uncopyable;
}

HeaderTypes Reader::read(ArrayRef<std::string> includeDirs) {
  std::string source = questions();
  CXUnsavedFile file = {fileName, source.data(), source.size()};
  std::vector<const char *> arguments = {"-x", "c++", "-std=c++17", "-w", "-ferror-limit=0"};
  for (const std::string &directory : includeDirs)
    arguments.insert(arguments.end(), {"-I", directory.c_str()});

  CXIndex index = clang.clang_createIndex(/*excludeDeclarationsFromPCH=*/0, /*displayDiagnostics=*/0);
  CXTranslationUnit unit = nullptr;
  CXErrorCode code = clang.clang_parseTranslationUnit2(index, fileName, arguments.data(), arguments.size(), &file, 1,
                                                       CXTranslationUnit_SkipFunctionBodies, &unit);
  if (code != CXError_Success) {
    result.failure = "libclang cannot read the included headers";
  } else {
    readErrors(unit);
    result.types.resize(spellings.size());
    clang.clang_visitChildren(
        clang.clang_getTranslationUnitCursor(unit),
        [](CXCursor declaration, CXCursor, CXClientData reader) {
          static_cast<Reader *>(reader)->visit(declaration);
          return CXChildVisit_Continue;
        },
        this);
    clang.clang_disposeTranslationUnit(unit);
  }
  clang.clang_disposeIndex(index);
  return std::move(result);
}

HeaderTypes flux::frontend::readHeaderTypes(ArrayRef<StringRef> headers, ArrayRef<std::string> includeDirs,
                                            ArrayRef<StringRef> spellings) {
  LibClang clang;
  std::string failure = clang.load();
  if (!failure.empty()) {
    HeaderTypes unknown;
    unknown.failure = failure;
    return unknown;
  }
  return Reader(clang, headers, spellings).read(includeDirs);
}
