//===- Server.cpp - Answers an editor's messages ------------------------------------------------------------------===//

#include "Server.h"

using namespace flux::lsp;
using namespace llvm::lsp;
using llvm::StringRef;
namespace json = llvm::json;

Server::Server(MessageHandler &messages, std::vector<std::string> includeDirs) : includeDirs(std::move(includeDirs)) {
  messages.method("initialize", this, &Server::onInitialize);
  messages.notification("initialized", this, &Server::onInitialized);
  messages.method("shutdown", this, &Server::onShutdown);
  messages.notification("textDocument/didOpen", this, &Server::onOpen);
  messages.notification("textDocument/didChange", this, &Server::onChange);
  messages.notification("textDocument/didClose", this, &Server::onClose);
  messages.notification("workspace/didChangeWatchedFiles", this, &Server::onFilesChanged);
  messages.method("textDocument/definition", this, &Server::onDefinition);
  messages.method("textDocument/references", this, &Server::onReferences);
  messages.method("textDocument/hover", this, &Server::onHover);
  messages.method("textDocument/completion", this, &Server::onCompletion);
  messages.method("textDocument/documentSymbol", this, &Server::onOutline);
  publish = messages.outgoingNotification<PublishDiagnosticsParams>("textDocument/publishDiagnostics");
}

//===-------------------------------------------------------------------------------------------------------------===//
// The server's life
//===-------------------------------------------------------------------------------------------------------------===//

void Server::onInitialize(const InitializeParams &params, Reply<json::Value> reply) {
  // Documents are small and positions count in UTF-16, so each change sends the whole text.
  json::Object capabilities{
      {"positionEncoding", "utf-16"},
      {"textDocumentSync", json::Object{{"openClose", true}, {"change", int(TextDocumentSyncKind::Full)}}},
      {"definitionProvider", true},
      {"referencesProvider", true},
      {"hoverProvider", true},
      {"documentSymbolProvider", params.capabilities.hierarchicalDocumentSymbol},
      {"completionProvider",
       json::Object{{"triggerCharacters", {">", "{", "[", "(", ","}}, {"resolveProvider", false}}},
  };
  reply(json::Object{{"serverInfo", json::Object{{"name", "flux-lsp-server"}, {"version", FLUX_VERSION}}},
                     {"capabilities", std::move(capabilities)}});
}

void Server::onShutdown(const NoParams &, Reply<std::nullptr_t> reply) {
  shutDown = true;
  reply(nullptr);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Documents
//===-------------------------------------------------------------------------------------------------------------===//

void Server::check(const URIForFile &uri, int64_t version, StringRef text) {
  auto document = std::make_unique<Document>(uri, version, text, includeDirs);
  publish(document->diagnostics());
  documents[uri.file().str()] = std::move(document);
}

void Server::onOpen(const DidOpenTextDocumentParams &params) {
  changes.erase(params.textDocument.uri.file().str());
  check(params.textDocument.uri, params.textDocument.version, params.textDocument.text);
}

void Server::onChange(const DidChangeTextDocumentParams &params) {
  if (params.contentChanges.empty() || params.contentChanges.back().range) {
    Logger::error("a change of '{0}' does not bring the whole text", params.textDocument.uri.file());
    return;
  }
  changes[params.textDocument.uri.file().str()] = params;
}

void Server::settle() {
  for (auto &[path, change] : std::exchange(changes, {}))
    check(change.textDocument.uri, change.textDocument.version, change.contentChanges.back().text);
}

void Server::onClose(const DidCloseTextDocumentParams &params) {
  changes.erase(params.textDocument.uri.file().str());
  auto document = documents.find(params.textDocument.uri.file().str());
  if (document == documents.end())
    return;
  publish(PublishDiagnosticsParams(params.textDocument.uri, document->second->version()));
  documents.erase(document);
}

/// Checks every document again: a header that it includes may have changed.
void Server::onFilesChanged(const NoParams &) {
  settle();
  for (auto &[path, document] : documents) {
    document = std::make_unique<Document>(document->uri(), document->version(), document->text(), includeDirs);
    publish(document->diagnostics());
  }
}

//===-------------------------------------------------------------------------------------------------------------===//
// Questions
//===-------------------------------------------------------------------------------------------------------------===//

template <typename T> const Document *Server::find(const TextDocumentIdentifier &id, Reply<T> &reply) {
  settle();
  auto document = documents.find(id.uri.file().str());
  if (document != documents.end())
    return document->second.get();
  reply(llvm::make_error<LSPError>(("'" + id.uri.file() + "' is not open").str(), ErrorCode::InvalidParams));
  return nullptr;
}

void Server::onDefinition(const TextDocumentPositionParams &params, Reply<std::vector<Location>> reply) {
  if (const Document *document = find(params.textDocument, reply))
    reply(document->definitionsAt(params.position));
}

void Server::onReferences(const ReferenceParams &params, Reply<std::vector<Location>> reply) {
  if (const Document *document = find(params.textDocument, reply))
    reply(document->referencesAt(params.position, params.context.includeDeclaration));
}

void Server::onHover(const TextDocumentPositionParams &params, Reply<std::optional<Hover>> reply) {
  if (const Document *document = find(params.textDocument, reply))
    reply(document->hoverAt(params.position));
}

void Server::onCompletion(const CompletionParams &params, Reply<CompletionList> reply) {
  // Asked for while the document changes: the names of the last check will do.
  std::string path = params.textDocument.uri.file().str();
  auto document = documents.find(path);
  auto change = changes.find(path);
  if (document != documents.end() && change != changes.end())
    reply(document->second->completionsAt(params.position, change->second.contentChanges.back().text));
  else if (const Document *current = find(params.textDocument, reply))
    reply(current->completionsAt(params.position, current->text()));
}

void Server::onOutline(const DocumentSymbolParams &params, Reply<std::vector<DocumentSymbol>> reply) {
  if (const Document *document = find(params.textDocument, reply))
    reply(document->outline());
}
