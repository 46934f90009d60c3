// fetch.cpp - the nodes that find a document: in the cache of the poller that has the connection, or among the files.
#include "connection.h"
#include "document.h"
#include "poller.h"
#include "web.flux.h"

#include <new>

using namespace web;

namespace {

/// For so long a document is served without a look at its file.
constexpr int64_t freshMs = 1000;

Cache &cacheOf(int socket) { return connection(socket).poller.load(std::memory_order_relaxed)->cache; }

} // namespace

int CheckCache(CheckCache_in *in, CheckCache_out *out) {
  Exchange &exchange = *connection(in->socket).exchange;
  exchange.document = cacheOf(in->socket).find(exchange.path);
  *out = {in->socket, in->close, in->file, exchange.document};
  return 0;
}

bool IsFresh(Document *document) {
  return document && monotonicMs() - document->checked.load(std::memory_order_relaxed) < freshMs;
}

int ReadFile(ReadFile_in *in, ReadFile_out *out) try {
  Exchange &exchange = *connection(in->socket).exchange;
  Document *loaded = nullptr;
  int status = loadDocument(exchange.path, exchange.document, loaded);
  if (exchange.document)
    drop(exchange.document);
  exchange.document = loaded;
  *out = {in->socket, in->close, in->file, exchange.document};
  return status;
} catch (const std::bad_alloc &) {
  return 503;
}

int StoreInCache(StoreInCache_in *in, StoreInCache_out *out) try {
  *out = {in->socket, in->close, in->file, in->document};
  cacheOf(in->socket).store(in->document);
  return 0;
} catch (const std::bad_alloc &) {
  return 0; // it is served all the same
}
