//===- ReadHeaderTypes.cpp - Asks clang what headers say about types --------------------------------------------===//
//
// clang answers questions about declarations, so the questions are asked as a source file: the headers, then two
// lines for each type. Whether clang finds an error in one of those lines is part of the answer.
//
//   #include "image.h"
//   typedef image_t flux_type_0;                                        undeclared: error here
//   static_assert(__is_trivially_copyable(flux_type_0), "");            incomplete or not copyable: error here
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "InputFiles.h"
#include "flux/Headers/HeaderTypes.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/Basic/DiagnosticLex.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/ASTUnit.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/CrashRecoveryContext.h"

using namespace flux;
using llvm::ArrayRef;
using llvm::StringRef;

namespace {

/// One parse of the questions, and the errors that are found meanwhile.
class Reader : public clang::DiagnosticConsumer {
public:
  Reader(ArrayRef<StringRef> headers, ArrayRef<StringRef> spellings, HeaderTypes &result)
      : headers(headers), spellings(spellings), declared(spellings.size(), true), copyable(spellings.size(), true),
        result(result) {}

  void read(ArrayRef<std::string> includeDirs);
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &diagnostic) override;

private:
  static constexpr llvm::StringLiteral fileName = "flux-types.cpp", typePrefix = "flux_type_";
  static constexpr size_t maxErrors = 3;
  static constexpr unsigned stackSize = 8 << 20;

  std::string questions() const;
  std::unique_ptr<clang::ASTUnit> parse(ArrayRef<std::string> includeDirs);
  void addError(HeaderError error, unsigned id);
  void answer(const clang::TypedefDecl &declaration);
  void describe(HeaderType &type, clang::QualType written, const clang::ASTContext &context);

  ArrayRef<StringRef> headers;
  ArrayRef<StringRef> spellings;
  std::vector<bool> declared; ///< whether clang accepts the first line of each question
  std::vector<bool> copyable; ///< and its second
  HeaderTypes &result;
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

static HeaderPlace placeOf(clang::SourceLocation location, const clang::SourceManager &sources) {
  return {sources.getFilename(location).str(), sources.getSpellingLineNumber(location),
          sources.getSpellingColumnNumber(location)};
}

void Reader::HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &diagnostic) {
  if (level < clang::DiagnosticsEngine::Error)
    return;
  HeaderError error = {};
  llvm::SmallString<128> text;
  diagnostic.FormatDiagnostic(text);
  error.text = text.str();
  if (diagnostic.hasSourceManager() && diagnostic.getLocation().isValid()) {
    const clang::SourceManager &sources = diagnostic.getSourceManager();
    clang::SourceLocation location = sources.getFileLoc(diagnostic.getLocation());
    error.place = placeOf(location, sources);
    for (location = sources.getIncludeLoc(sources.getFileID(location)); location.isValid();
         location = sources.getIncludeLoc(sources.getFileID(location)))
      error.includedAt.push_back(placeOf(location, sources));
  }
  addError(std::move(error), diagnostic.getID());
}

/// Files an error under the type whose line it is in, else among those of the headers.
void Reader::addError(HeaderError error, unsigned id) {
  const HeaderPlace &asked = error.includedAt.empty() ? error.place : error.includedAt.back();
  unsigned line = asked.file == fileName ? asked.line : 0;
  if (line > headers.size()) {
    size_t question = line - headers.size() - 1;
    std::vector<bool> &accepted = question % 2 == 0 ? declared : copyable;
    if (question / 2 < accepted.size())
      accepted[question / 2] = false;
    return;
  }
  error.header = line == 0 ? 0 : line - 1;
  if (!error.includedAt.empty())
    error.includedAt.pop_back(); // the program itself
  else if (id == clang::diag::err_pp_file_not_found && result.errors.empty())
    result.missing = error.header;
  if (result.errors.size() < maxErrors)
    result.errors.push_back(std::move(error));
}

/// Fills in what clang knows of the type `written`.
void Reader::describe(HeaderType &type, clang::QualType written, const clang::ASTContext &context) {
  clang::QualType canonical = context.getCanonicalType(written);
  if (const auto *enumeration = canonical->getAs<clang::EnumType>()) {
    clang::QualType integer = enumeration->getDecl()->getDefinitionOrSelf()->getIntegerType();
    if (integer.isNull()) {
      type.state = HeaderType::Incomplete;
      return;
    }
    canonical = context.getCanonicalType(integer);
  }
  type.canonical = canonical.getAsString(clang::PrintingPolicy(context.getLangOpts()));
  if (canonical->isVoidType() || canonical->isReferenceType() || canonical->isArrayType() ||
      canonical->isFunctionType()) {
    type.state = HeaderType::NoObject;
  } else if (canonical->isIncompleteType() || canonical->isDependentType() || canonical->isUndeducedType()) {
    type.state = HeaderType::Incomplete;
  } else {
    clang::TypeInfoChars info = context.getTypeInfoInChars(canonical);
    type.state = HeaderType::Known;
    type.size = info.Width.getQuantity();
    type.align = info.Align.getQuantity();
  }
}

/// Takes the answer that a declaration of the questions' file gives.
void Reader::answer(const clang::TypedefDecl &declaration) {
  StringRef number = declaration.getName();
  size_t index;
  const clang::ASTContext &context = declaration.getASTContext();
  bool isQuestion = number.consume_front(typePrefix) && !number.getAsInteger(10, index) && index < spellings.size() &&
                    context.getSourceManager().isInMainFile(declaration.getLocation());
  if (!isQuestion || !declared[index])
    return;
  HeaderType &type = result.types[index];
  describe(type, declaration.getUnderlyingType(), context);
  if (type.state == HeaderType::Known && !copyable[index])
    type.state = HeaderType::Uncopyable;
}

std::unique_ptr<clang::ASTUnit> Reader::parse(ArrayRef<std::string> includeDirs) {
  std::vector<std::string> arguments = {"-std=c++17",         "-w",      "-ferror-limit=0",      "-resource-dir",
                                        FLUX_CLANG_RESOURCES, "-Xclang", "-skip-function-bodies"};
  for (const std::string &directory : includeDirs)
    arguments.insert(arguments.end(), {"-I", directory});
  return clang::tooling::buildASTFromCodeWithArgs(
      questions(), arguments, fileName, "clang++", std::make_shared<clang::PCHContainerOperations>(),
      clang::tooling::getClangStripDependencyFileAdjuster(), {}, this, flux::inputFiles());
}

void Reader::read(ArrayRef<std::string> includeDirs) {
  std::unique_ptr<clang::ASTUnit> unit;
  // No header crashes the compiler, whatever it makes of clang.
  llvm::CrashRecoveryContext::Enable();
  bool survives = llvm::CrashRecoveryContext().RunSafelyOnThread([&] { unit = parse(includeDirs); }, stackSize);
  if (!survives || !unit) {
    result.failure = "clang cannot read the included headers";
    return;
  }
  result.types.resize(spellings.size());
  for (const clang::Decl *declaration : unit->getASTContext().getTranslationUnitDecl()->decls())
    if (const auto *alias = llvm::dyn_cast<clang::TypedefDecl>(declaration))
      answer(*alias);
}

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT void flux_read_header_types(ArrayRef<StringRef> headers,
                                                                         ArrayRef<std::string> includeDirs,
                                                                         ArrayRef<StringRef> spellings,
                                                                         HeaderTypes &result) {
  Reader(headers, spellings, result).read(includeDirs);
}
