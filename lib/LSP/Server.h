//===- Server.h - Answers an editor's messages ---------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_LSP_SERVER_H
#define FLUX_LIB_LSP_SERVER_H

#include "Document.h"
#include "llvm/Support/LSP/Transport.h"

namespace flux::lsp {

/// The documents that an editor has open, and a method for each message about them. Messages are handled one after the
/// other. A changed document is checked again when a question about it comes or when nothing else is to be done: typing
/// faster than headers are read does not mean to wait for every version.
class Server {
public:
  Server(llvm::lsp::MessageHandler &messages, std::vector<std::string> includeDirs);

  /// Whether the editor has asked for the shutdown, as it should before it says `exit`.
  bool isShutDown() const { return shutDown; }

  /// Checks the documents that have changed and publishes what is found.
  void settle();

private:
  template <typename T> using Reply = llvm::lsp::Callback<T>;

  void onInitialize(const llvm::lsp::InitializeParams &params, Reply<llvm::json::Value> reply);
  void onInitialized(const llvm::lsp::InitializedParams &) {}
  void onShutdown(const llvm::lsp::NoParams &, Reply<std::nullptr_t> reply);

  void onOpen(const llvm::lsp::DidOpenTextDocumentParams &params);
  void onChange(const llvm::lsp::DidChangeTextDocumentParams &params);
  void onClose(const llvm::lsp::DidCloseTextDocumentParams &params);
  void onFilesChanged(const llvm::lsp::NoParams &);

  void onDefinition(const llvm::lsp::TextDocumentPositionParams &params, Reply<std::vector<llvm::lsp::Location>> reply);
  void onReferences(const llvm::lsp::ReferenceParams &params, Reply<std::vector<llvm::lsp::Location>> reply);
  void onHover(const llvm::lsp::TextDocumentPositionParams &params, Reply<std::optional<llvm::lsp::Hover>> reply);
  void onCompletion(const llvm::lsp::CompletionParams &params, Reply<llvm::lsp::CompletionList> reply);
  void onOutline(const llvm::lsp::DocumentSymbolParams &params, Reply<std::vector<llvm::lsp::DocumentSymbol>> reply);

  /// The open document of this URI as it is now; null, and `reply` has got an error, if there is none.
  template <typename T> const Document *find(const llvm::lsp::TextDocumentIdentifier &id, Reply<T> &reply);
  void check(const llvm::lsp::URIForFile &uri, int64_t version, llvm::StringRef text);

  std::vector<std::string> includeDirs;
  std::map<std::string, std::unique_ptr<Document>> documents;            ///< by path
  std::map<std::string, llvm::lsp::DidChangeTextDocumentParams> changes; ///< not checked yet, by path
  bool shutDown = false;
  llvm::lsp::OutgoingNotification<llvm::lsp::PublishDiagnosticsParams> publish;
};

} // namespace flux::lsp

#endif // FLUX_LIB_LSP_SERVER_H
