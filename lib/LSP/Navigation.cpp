//===- Navigation.cpp - One .flux file as an editor shows it: definitions, references, outline ------------------===//

#include "Document.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace flux;
using namespace flux::lsp;
using namespace llvm::lsp;
using llvm::StringRef;

/// The start of the header whose name an `include` has at `place`, if it is found where the compiler searches.
std::optional<Location> Document::headerAt(const char *place) const {
  const ProgramIndex::Item *item = index.itemAt(place);
  if (!item || item->kind != ProgramIndex::Item::Include)
    return std::nullopt;
  std::vector<std::string> directories = {llvm::sys::path::parent_path(uri().file()).str()};
  directories.insert(directories.end(), sources.getIncludeDirs().begin(), sources.getIncludeDirs().end());
  for (StringRef directory : directories) {
    llvm::SmallString<128> path = directory;
    llvm::sys::path::append(path, item->name);
    if (llvm::sys::fs::make_absolute(path) || !llvm::sys::fs::is_regular_file(path))
      continue;
    llvm::Expected<URIForFile> header = URIForFile::fromFile(path);
    if (header)
      return Location(*header, Range());
    llvm::consumeError(header.takeError());
  }
  return std::nullopt;
}

std::vector<Location> Document::definitionsAt(Position position) const {
  const char *place = positions.placeOf(position);
  std::vector<Location> locations;
  if (const ProgramIndex::Mention *mention = index.mentionAt(place)) {
    for (StringRef definition : mention->symbol->definitions)
      locations.push_back(locate(definition));
  } else if (std::optional<Location> header = headerAt(place)) {
    locations.push_back(*header);
  }
  return locations;
}

std::vector<Location> Document::referencesAt(Position position, bool withDefinitions) const {
  std::vector<Location> locations;
  const ProgramIndex::Mention *mention = index.mentionAt(positions.placeOf(position));
  if (!mention)
    return locations;
  auto isDefinition = [&](StringRef text) {
    return llvm::any_of(mention->symbol->definitions, [&](StringRef other) { return other.data() == text.data(); });
  };
  for (StringRef text : mention->symbol->mentions)
    if (withDefinitions || !isDefinition(text))
      locations.push_back(locate(text));
  return locations;
}

static SymbolKind kindOf(ProgramIndex::Item::Kind kind) {
  switch (kind) {
  case ProgramIndex::Item::Include:
    return SymbolKind::File;
  case ProgramIndex::Item::Predicate:
    return SymbolKind::Boolean;
  case ProgramIndex::Item::Signature:
    return SymbolKind::Interface;
  case ProgramIndex::Item::Source:
    return SymbolKind::Event;
  case ProgramIndex::Item::Case:
    return SymbolKind::Function;
  case ProgramIndex::Item::Constraint:
    return SymbolKind::Key;
  case ProgramIndex::Item::Handler:
    return SymbolKind::Method;
  case ProgramIndex::Item::Blocking:
    return SymbolKind::Property;
  }
  llvm_unreachable("not an item");
}

/// The text of an item on one line and without its end, such as `Fetch:[_, fresh] = ReadFile`.
static std::string oneLine(StringRef extent) {
  llvm::SmallVector<StringRef> words;
  llvm::SplitString(extent.rtrim(';'), words);
  return llvm::join(words, " ");
}

std::vector<DocumentSymbol> Document::outline() const {
  std::vector<DocumentSymbol> symbols;
  for (const ProgramIndex::Item &item : index.items) {
    DocumentSymbol &symbol = symbols.emplace_back(item.name, kindOf(item.kind), positions.rangeOf(item.extent),
                                                  positions.rangeOf(item.name));
    symbol.detail = oneLine(item.extent);
  }
  return symbols;
}
