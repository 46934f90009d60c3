//===- TypeTable.cpp - Layout and equality of the C types of a program ------------------------------------------===//

#include "TypeTable.h"
#include "flux/Headers/HeaderTypes.h"
#include "flux/Support/Files.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace flux;
using namespace flux::frontend;
using llvm::StringRef;

/// The canonical spelling, taking a name that is not C's own for a type of its own.
static std::string canonicalOf(const ast::CTypeSpelling &type) {
  return type.qualifiers + type.base + (type.pointers.empty() ? "" : " ") + type.pointers;
}

/// Where headers are searched: beside the program, then where the user says.
static std::vector<std::string> includeDirsOf(const llvm::SourceMgr &sources) {
  StringRef file = sources.getMemoryBuffer(sources.getMainFileID())->getBufferIdentifier();
  // A part of a file that was split for testing is called after the whole.
  if (file.consume_front("within split at "))
    file = file.take_front(file.rfind(':'));
  StringRef directory = llvm::sys::path::parent_path(file);
  std::vector<std::string> dirs = {directory.empty() ? "." : directory.str()};
  dirs.insert(dirs.end(), sources.getIncludeDirs().begin(), sources.getIncludeDirs().end());
  return dirs;
}

namespace {
/// What a look at the files tells of a header.
struct FoundHeader {
  bool exists = false;
  std::string unreadable; ///< what keeps clang from reading it; empty if nothing does
};
} // namespace

/// Looks for `header`. Clang itself would wait for a pipe, and read a device that never ends for as long as there is
/// memory. Directories it passes over.
static FoundHeader findHeader(StringRef header, llvm::ArrayRef<std::string> includeDirs) {
  FoundHeader found;
  std::vector<std::string> dirs = {"."}; // where its question is, then where it is told to search
  llvm::append_range(dirs, includeDirs);
  for (const std::string &dir : dirs) {
    llvm::SmallString<128> path(llvm::sys::path::is_absolute(header) ? StringRef() : StringRef(dir));
    llvm::sys::path::append(path, header);
    if (!llvm::sys::fs::exists(path))
      continue;
    found.exists = true;
    found.unreadable = whyUnreadable(path);
    if (found.unreadable.empty() || !llvm::sys::fs::is_directory(path))
      return found;
  }
  return found;
}

/// Whether a program would have to say `struct` for the C compiler to know what this is, did no header declare it.
static bool needsDeclaration(const ast::CTypeSpelling &type) {
  StringRef written = StringRef(type.text).drop_front(type.qualifiers.size());
  return !type.isBuiltin && !type.pointers.empty() && written.starts_with(type.base);
}

static void reportUndeclared(const ast::CTypeSpelling &type, Diagnostics &diagnostics) {
  bool isPlain = StringRef(type.base).find_first_of(":<") == StringRef::npos;
  diagnostics.remark(type.loc, "no included header declares '" + type.base +
                                   "', so that nodes can only be compiled if they declare it before they include the "
                                   "generated header; include the header that does" +
                                   (isPlain ? ", or write 'struct " + type.base + " " + type.pointers + "'" : ""));
}

TypeTable::TypeTable(const ast::Program &program, const llvm::SourceMgr &sources, mlir::MLIRContext *context,
                     Diagnostics &diagnostics) {
  std::vector<const ast::Include *> includes;
  for (const ast::Item &item : program.items)
    if (auto *include = std::get_if<ast::Include>(&item))
      includes.push_back(include);
  const std::vector<std::string> includeDirs = includeDirsOf(sources);
  std::vector<const ast::Include *> elsewhere; // those of the system, or of nobody
  for (const ast::Include *include : includes) {
    FoundHeader found = findHeader(include->header, includeDirs);
    if (!found.unreadable.empty())
      diagnostics.error(include->loc, "header '" + include->header + "' cannot be read: " + found.unreadable);
    if (!found.exists && !findHeader(include->header, {"/usr/include"}).exists)
      elsewhere.push_back(include);
  }

  std::vector<unsigned> unknown;
  for (const ast::CTypeSpelling &type : program.types) {
    types.push_back(CType::getBuiltin(context, type.text, canonicalOf(type)));
    if (!type.isBuiltin)
      unknown.push_back(types.size() - 1);
  }
  if (!unknown.empty() && !includes.empty() && !diagnostics.hasErrors())
    readHeaders(program, includes, unknown, includeDirs, context, diagnostics);
  else if (!elsewhere.empty() && !diagnostics.hasErrors())
    lookFor(elsewhere, includeDirs, diagnostics);
  if (diagnostics.hasErrors())
    return;
  for (unsigned index : unknown)
    if (includes.empty() && needsDeclaration(program.types[index]))
      reportUndeclared(program.types[index], diagnostics);
    else if (!types[index])
      diagnostics.error(program.types[index].loc, "the layout of '" + program.types[index].text +
                                                      "' is not known; include the header that defines it, or pass a " +
                                                      "pointer");
}

/// Asks the included headers about the `unknown` types. What they do not declare stays as it is.
void TypeTable::readHeaders(const ast::Program &program, llvm::ArrayRef<const ast::Include *> includes,
                            llvm::ArrayRef<unsigned> unknown, llvm::ArrayRef<std::string> includeDirs,
                            mlir::MLIRContext *context, Diagnostics &diagnostics) {
  auto headers = llvm::map_to_vector(includes, [](const ast::Include *include) { return include->header; });
  auto spellings = llvm::map_to_vector(unknown, [&](unsigned index) -> StringRef { return program.types[index].text; });
  HeaderTypes answer = readHeaderTypes(headers, includeDirs, spellings);
  if (!answer.failure.empty()) {
    // Pointers do without: their targets are then compared by name.
    for (unsigned index : unknown)
      if (!types[index])
        diagnostics.error(program.types[index].loc, "the layout of '" + program.types[index].text + "' is not known")
            .note(answer.failure);
    return;
  }
  if (answer.missing)
    return reportMissing(*includes[*answer.missing], includeDirs, diagnostics);
  if (!answer.errors.empty())
    return reportHeaderErrors(includes, answer.errors, context, diagnostics);
  for (auto [index, type] : llvm::zip_equal(unknown, answer.types))
    types[index] = adopt(program.types[index], type, types[index], context, diagnostics);
}

/// Asks clang, which knows where the system's headers are, whether there are these. What they say is of no interest.
void TypeTable::lookFor(llvm::ArrayRef<const ast::Include *> includes, llvm::ArrayRef<std::string> includeDirs,
                        Diagnostics &diagnostics) {
  for (const ast::Include *include : includes)
    if (readHeaderTypes(StringRef(include->header), includeDirs, {}).missing)
      reportMissing(*include, includeDirs, diagnostics);
}

void TypeTable::reportMissing(const ast::Include &include, llvm::ArrayRef<std::string> includeDirs,
                              Diagnostics &diagnostics) {
  auto report = diagnostics.error(include.loc, "header '" + include.header + "' is not found");
  for (const std::string &directory : includeDirs)
    report.note("searched in '" + directory + "'");
}

/// Reports that an included header does not parse, with what clang says of it and the includes that lead there.
void TypeTable::reportHeaderErrors(llvm::ArrayRef<const ast::Include *> includes, llvm::ArrayRef<HeaderError> errors,
                                   mlir::MLIRContext *context, Diagnostics &diagnostics) {
  constexpr size_t maxIncludes = 8; // of headers that include each other there are hundreds
  auto at = [&](const HeaderPlace &place) {
    return mlir::FileLineColLoc::get(context, place.file, place.line, place.column);
  };
  const ast::Include &include = *includes[errors.front().header];
  auto report = diagnostics.error(include.loc, "header '" + include.header + "' does not parse as C++17");
  for (const HeaderError &error : errors) {
    report.note(at(error.place), error.text);
    for (const HeaderPlace &place : llvm::ArrayRef(error.includedAt).take_front(maxIncludes))
      report.note(at(place), "included here");
  }
}

/// The dialect's type for `type` as the headers define it; `unaided` is what it is without them.
CType TypeTable::adopt(const ast::CTypeSpelling &type, const HeaderType &found, CType unaided,
                       mlir::MLIRContext *context, Diagnostics &diagnostics) {
  auto refuse = [&](const llvm::Twine &reason) {
    diagnostics.error(type.loc, "'" + type.text + "' " + reason);
    return CType();
  };
  switch (found.state) {
  case HeaderType::Undefined:
    if (needsDeclaration(type))
      reportUndeclared(type, diagnostics);
    return unaided ? unaided : refuse("is not defined by the included headers");
  case HeaderType::Incomplete:
    return refuse("is declared but not defined by the included headers; pass a pointer");
  case HeaderType::Uncopyable:
    return refuse("is not trivially copyable, so it cannot travel between nodes; pass a pointer");
  case HeaderType::NoObject:
    return refuse("is '" + found.canonical + "', which cannot travel between nodes; pass a pointer");
  case HeaderType::Known:
    break;
  }
  CType builtin = CType::getBuiltin(context, type.text, found.canonical);
  return builtin ? builtin : CType::get(context, type.text, found.canonical, found.size, found.align);
}
