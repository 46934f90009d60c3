//===- LinkedSymbols.h - The symbols of object files and libraries ------------------------------------*- C++ -*-===//

#ifndef FLUX_ANALYSIS_LINKEDSYMBOLS_H
#define FLUX_ANALYSIS_LINKEDSYMBOLS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <string>
#include <vector>

namespace llvm::object {
class SymbolicFile;
} // namespace llvm::object

namespace flux {

/// What may be defined, and what is mentioned, by files that are linked with the nodes' bitcode.
class LinkedSymbols {
public:
  /// Adds an object file, an archive (all of its members, though not all may be linked) or a shared library. Returns
  /// what is wrong with it, or an empty string.
  std::string add(llvm::StringRef file);
  /// From here on any name may be defined and mentioned: something is linked that cannot be looked into.
  void addUnseen() { isUnseen = true; }

  /// Whether another definition of this name may win over a weak one of the program.
  bool mayReplace(llvm::StringRef name) const { return isUnseen || linked.contains(name); }
  /// Whether this name may stand for something in these files where the program has no definition of it.
  bool mayDefine(llvm::StringRef name) const { return mayReplace(name) || shared.contains(name); }
  /// Whether these files may call or otherwise use what has this name.
  bool mayMention(llvm::StringRef name) const { return isUnseen || mentioned.contains(name); }

  /// Whether they are known to.
  bool mentions(llvm::StringRef name) const { return mentioned.contains(name); }

  /// The symbols with this ending that these files define.
  std::vector<llvm::StringRef> definitionsEndingIn(llvm::StringRef ending) const;

  /// The shared libraries that those which were added ask for, in the order in which they do.
  llvm::ArrayRef<std::string> neededLibraries() const { return needed; }

private:
  std::string addMembers(llvm::StringRef file, llvm::MemoryBufferRef buffer);
  void addSymbols(const llvm::object::SymbolicFile &file);
  bool addSharedLibrary(const llvm::object::SymbolicFile &file);

  bool isUnseen = false;
  llvm::StringSet<> linked, shared, mentioned;
  std::vector<std::string> needed;
};

} // namespace flux

#endif // FLUX_ANALYSIS_LINKEDSYMBOLS_H
