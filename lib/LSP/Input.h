//===- Input.h - Messages that are worth handling -------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_LSP_INPUT_H
#define FLUX_LIB_LSP_INPUT_H

#include "llvm/Support/LSP/Transport.h"
#include <functional>

namespace flux::lsp {

/// Reads messages from a file and passes on those that are JSON-RPC 2.0. LLVM's transport would end the server on
/// others, and its parser would run out of stack on deep ones. Tells when no message waits, so that work that the next
/// one may make needless can be put off until then.
class Input : public llvm::lsp::JSONTransportInput {
public:
  /// `refuse` is called with the reason for each message that is not passed on.
  using Refuse = std::function<void(llvm::StringRef reason, llvm::lsp::ErrorCode code)>;

  /// `idle` is called before a message is read that is not there yet. Messages between lines are taken for such.
  Input(std::FILE *file, llvm::lsp::JSONStreamStyle style, Refuse refuse, std::function<void()> idle);

  bool hasError() const override { return messages.hasError(); }
  bool isEndOfInput() const override { return messages.isEndOfInput(); }
  llvm::LogicalResult readDelimitedMessage(std::string &json) override;
  llvm::LogicalResult readStandardMessage(std::string &json) override;

private:
  bool isWaiting() const;
  llvm::LogicalResult check(llvm::StringRef json);

  std::FILE *file;
  llvm::lsp::JSONTransportInputOverFile messages;
  Refuse refuse;
  std::function<void()> idle;
};

} // namespace flux::lsp

#endif // FLUX_LIB_LSP_INPUT_H
