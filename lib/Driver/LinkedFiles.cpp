//===- LinkedFiles.cpp - Which files are linked with the nodes ----------------------------------------------------===//
//
// Libraries are searched where the linker searches them, and those that shared ones ask for likewise. Where both a
// shared library and an archive are there, both count, since flags decide which is taken.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "LinkedFiles.h"
#include "Command.h"
#include "flux/Analysis/LinkedSymbols.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstdlib>

using namespace flux;
using llvm::StringRef;
namespace path = llvm::sys::path;

namespace {

class Finder {
public:
  Finder(const CompilationOptions &options, const CompilationOptions::Words &linker)
      : options(options), linker(linker) {}

  LinkedFiles run();

private:
  void readFlags();
  void readLinkerFlags(llvm::ArrayRef<StringRef> flags);
  void addFile(const std::string &file);
  void addLibrary(StringRef name);
  void addNeeded();
  bool addFrom(StringRef directory, llvm::ArrayRef<std::string> names);
  void addAnyOf(llvm::ArrayRef<std::string> names, StringRef asked);
  void cannotSee(StringRef what);
  const std::vector<std::string> &standardDirectories();

  const CompilationOptions &options;
  const CompilationOptions::Words &linker;
  LinkedFiles result;
  LinkedSymbols symbols;
  std::vector<std::string> directories;
  std::optional<std::vector<std::string>> standard;
};

} // namespace

/// Whether this is the file of a library that is known by its functions: `libc.so.6` for instance.
static bool isKnownLibrary(StringRef file) {
  if (file.starts_with("ld-linux"))
    return true;
  StringRef name = file.split(".").first;
  return name.consume_front("lib") &&
         llvm::is_contained({"c", "m", "pthread", "dl", "rt", "util", "resolv", "stdc++", "gcc", "gcc_s", "atomic"},
                            name);
}

LinkedFiles Finder::run() {
  for (const std::string &word : linker)
    if (StringRef(word).starts_with("-"))
      cannotSee(word);
  if (const char *more = std::getenv("LIBRARY_PATH"))
    for (StringRef directory : llvm::split(more, ':'))
      directories.push_back(directory.str());
  for (const std::string &file : options.objects)
    addFile(file);
  readFlags();
  addNeeded();
  return std::move(result);
}

void Finder::cannotSee(StringRef what) {
  if (result.unseen.empty())
    result.unseen = what.str();
}

void Finder::readFlags() {
  // Directories first: they count for all libraries.
  std::vector<StringRef> libraries, linkerFlags;
  for (size_t i = 0; i != options.linkFlags.size(); ++i) {
    StringRef flag = options.linkFlags[i];
    bool isLibrary = flag.starts_with("-l"), isDirectory = flag.starts_with("-L");
    if (isLibrary || isDirectory) {
      StringRef value =
          flag.size() > 2 || i + 1 == options.linkFlags.size() ? flag.drop_front(2) : StringRef(options.linkFlags[++i]);
      if (isLibrary)
        libraries.push_back(value);
      else
        directories.push_back(value.str());
    } else if (flag.consume_front("-Wl,")) {
      for (StringRef part : llvm::split(flag, ','))
        linkerFlags.push_back(part);
    }
  }
  readLinkerFlags(linkerFlags);
  for (StringRef library : libraries)
    addLibrary(library);
}

/// Sees to it that the linker's own flags change neither what is linked nor what a name stands for.
void Finder::readLinkerFlags(llvm::ArrayRef<StringRef> flags) {
  static constexpr StringRef harmless[] = {"-Bstatic",
                                           "-Bdynamic",
                                           "--as-needed",
                                           "--no-as-needed",
                                           "--start-group",
                                           "--end-group",
                                           "--whole-archive",
                                           "--no-whole-archive",
                                           "--enable-new-dtags",
                                           "--disable-new-dtags",
                                           "--gc-sections",
                                           "--export-dynamic",
                                           "-E",
                                           "--strip-all",
                                           "-s",
                                           "--build-id",
                                           "-O1",
                                           "-O2"};
  static constexpr StringRef withValue[] = {"-rpath", "--rpath", "-rpath-link", "-z"};
  for (size_t i = 0; i < flags.size(); ++i)
    if (llvm::is_contained(withValue, flags[i]))
      ++i;
    else if (!llvm::is_contained(harmless, flags[i]) && !flags[i].starts_with("-rpath="))
      cannotSee(("-Wl," + flags[i]).str());
}

void Finder::addFile(const std::string &file) {
  if (isKnownLibrary(path::filename(file)) || llvm::is_contained(result.files, file))
    return;
  if (std::string problem = symbols.add(file); problem.empty())
    result.files.push_back(file);
  else
    cannotSee(file);
}

void Finder::addLibrary(StringRef name) {
  if (name.consume_front(":"))
    return addAnyOf({name.str()}, name);
  if (!isKnownLibrary(("lib" + name).str()))
    addAnyOf({("lib" + name + ".so").str(), ("lib" + name + ".a").str()}, ("-l" + name).str());
}

/// Those that shared libraries ask for, and those that these ask for.
void Finder::addNeeded() {
  for (size_t i = 0; i != symbols.neededLibraries().size(); ++i)
    if (std::string name = symbols.neededLibraries()[i]; !isKnownLibrary(name))
      addAnyOf({name}, name);
}

bool Finder::addFrom(StringRef directory, llvm::ArrayRef<std::string> names) {
  bool found = false;
  for (const std::string &name : names) {
    llvm::SmallString<128> file(directory);
    path::append(file, name);
    if (!llvm::sys::fs::exists(file))
      continue;
    addFile(file.str().str());
    found = true;
  }
  return found;
}

void Finder::addAnyOf(llvm::ArrayRef<std::string> names, StringRef asked) {
  auto has = [&](const std::string &directory) { return addFrom(directory, names); };
  if (!llvm::any_of(directories, has) && !llvm::any_of(standardDirectories(), has))
    cannotSee(asked);
}

/// Where the linker searches besides, as the compiler says that calls it.
const std::vector<std::string> &Finder::standardDirectories() {
  if (standard)
    return *standard;
  standard.emplace();
  std::vector<std::string> question(linker);
  llvm::append_range(question, options.targetFlags(linker));
  llvm::copy_if(options.linkFlags, std::back_inserter(question),
                [](StringRef flag) { return flag.starts_with("--sysroot="); });
  question.push_back("-print-search-dirs");
  for (StringRef line : llvm::split(Command(std::move(question)).output(), '\n'))
    if (line.consume_front("libraries: ="))
      for (StringRef directory : llvm::split(line, ':'))
        standard->push_back(directory.str());
  return *standard;
}

LinkedFiles flux::findLinkedFiles(const CompilationOptions &options, const CompilationOptions::Words &linker) {
  return Finder(options, linker).run();
}
