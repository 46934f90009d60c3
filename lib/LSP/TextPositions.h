//===- TextPositions.h - Places of a text as editors count them ---------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_LSP_TEXTPOSITIONS_H
#define FLUX_LIB_LSP_TEXTPOSITIONS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LSP/Protocol.h"
#include <vector>

namespace flux::lsp {

/// Translates between places of a text in UTF-8 and the protocol's positions: lines from 0, which a lone carriage
/// return ends, too, and UTF-16 code units from the start of the line.
class TextPositions {
public:
  /// `text` must outlive this.
  explicit TextPositions(llvm::StringRef text);

  llvm::lsp::Position positionOf(const char *place) const;
  llvm::lsp::Range rangeOf(llvm::StringRef part) const { return {positionOf(part.begin()), positionOf(part.end())}; }

  /// The place of a position. One behind the end of a line or of the text is taken for that end.
  const char *placeOf(llvm::lsp::Position position) const;

  /// The word, string or character at a line and column as compilers count them: from 1, in bytes, and lines end with a
  /// line feed only. Empty at the end of a line.
  llvm::StringRef tokenAt(unsigned line, unsigned column) const;

private:
  /// How many more bytes than UTF-16 code units come before `place`.
  size_t surplusBefore(const char *place) const;

  /// The end of a byte beyond ASCII, and the surplus up to there.
  struct WideByte {
    const char *end;
    size_t surplus;
  };

  // All ascending, so that long lines cost no more than short ones.
  llvm::StringRef text;
  std::vector<const char *> lineStarts; ///< as editors count
  std::vector<const char *> afterFeeds; ///< the start of the text and behind each line feed
  std::vector<WideByte> wideBytes;
};

} // namespace flux::lsp

#endif // FLUX_LIB_LSP_TEXTPOSITIONS_H
