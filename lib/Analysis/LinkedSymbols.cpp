//===- LinkedSymbols.cpp - The symbols of object files and libraries ----------------------------------------------===//

#include "flux/Analysis/LinkedSymbols.h"
#include "flux/Support/Files.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace flux;
using namespace llvm::object;
using llvm::StringRef;

/// What GCC's objects for link-time optimisation have instead of their symbols.
static constexpr StringRef slimMark = "__gnu_lto_slim";

std::string LinkedSymbols::add(StringRef file) {
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> buffer = readFile(file, error);
  return buffer ? addMembers(file, *buffer) : error;
}

std::vector<StringRef> LinkedSymbols::definitionsEndingIn(StringRef ending) const {
  std::vector<StringRef> names;
  for (const llvm::StringSet<> *symbols : {&linked, &shared})
    for (StringRef name : symbols->keys())
      if (name.ends_with(ending))
        names.push_back(name);
  return names;
}

std::string LinkedSymbols::addMembers(StringRef file, llvm::MemoryBufferRef buffer) {
  // Objects for link-time optimisation may be bitcode.
  llvm::LLVMContext context;
  if (llvm::identify_magic(buffer.getBuffer()) != llvm::file_magic::archive) {
    llvm::Expected<std::unique_ptr<SymbolicFile>> object =
        SymbolicFile::createSymbolicFile(buffer, llvm::file_magic::unknown, &context);
    if (!object)
      return llvm::toString(object.takeError());
    addSymbols(**object);
    return "";
  }
  llvm::Expected<std::unique_ptr<Archive>> archive = Archive::create(buffer);
  if (!archive)
    return llvm::toString(archive.takeError());
  llvm::Error error = llvm::Error::success();
  std::string problem;
  for (const Archive::Child &child : (*archive)->children(error)) {
    llvm::Expected<llvm::MemoryBufferRef> member = child.getMemoryBufferRef();
    problem = member ? addMembers(file, *member) : llvm::toString(member.takeError());
    if (!problem.empty())
      break;
  }
  std::string end = llvm::toString(std::move(error));
  return problem.empty() ? end : problem;
}

void LinkedSymbols::addSymbols(const SymbolicFile &file) {
  if (addSharedLibrary(file))
    return;
  for (const BasicSymbolRef &symbol : file.symbols()) {
    std::string name;
    llvm::raw_string_ostream os(name);
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    if (llvm::Error error = flags ? symbol.printName(os) : flags.takeError()) {
      llvm::consumeError(std::move(error));
      addUnseen();
      continue;
    }
    if (name == slimMark)
      addUnseen();
    if (*flags & BasicSymbolRef::SF_Undefined)
      mentioned.insert(name);
    else if (*flags & BasicSymbolRef::SF_Global)
      linked.insert(name);
  }
}

/// Adds the names of the libraries that a shared one asks for.
static llvm::Error addNeeded(const ELF64LEObjectFile &library, std::vector<std::string> &needed) {
  auto entries = library.getELFFile().dynamicEntries();
  if (!entries)
    return entries.takeError();
  StringRef strings;
  for (const auto &entry : *entries) {
    if (entry.getTag() != llvm::ELF::DT_STRTAB)
      continue;
    llvm::Expected<const uint8_t *> table = library.getELFFile().toMappedAddr(entry.getPtr());
    if (!table)
      return table.takeError();
    const char *begin = reinterpret_cast<const char *>(*table);
    strings = StringRef(begin, library.getData().end() - begin);
  }
  for (const auto &entry : *entries)
    if (entry.getTag() == llvm::ELF::DT_NEEDED)
      needed.push_back(strings.substr(entry.getVal()).split('\0').first.str());
  return llvm::Error::success();
}

/// Adds the symbols that others find in a shared library; false if the file is none.
bool LinkedSymbols::addSharedLibrary(const SymbolicFile &file) {
  const auto *elf = llvm::dyn_cast<ELF64LEObjectFile>(&file);
  if (!elf || elf->getELFFile().getHeader().e_type != llvm::ELF::ET_DYN)
    return false;
  for (const ELFSymbolRef &symbol : elf->getDynamicSymbolIterators()) {
    llvm::Expected<StringRef> name = symbol.getName();
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    if (name && flags && (*flags & BasicSymbolRef::SF_Global))
      ((*flags & BasicSymbolRef::SF_Undefined) ? mentioned : shared).insert(*name);
    llvm::consumeError(name.takeError());
    llvm::consumeError(flags.takeError());
  }
  if (llvm::Error error = addNeeded(*elf, needed)) {
    llvm::consumeError(std::move(error));
    addUnseen();
  }
  return true;
}
