// cache.cpp - the nodes around the cache of documents. The constraint `cache` of web.flux guards it: CheckCache reads
// beside other readers, StoreInCache is alone.
#include "connection.h"
#include "document.h"
#include "options.h"
#include "web.flux.h"

#include <new>
#include <string_view>
#include <unordered_map>

using namespace web;

namespace {

/// For so long a document is served without a look at its file.
constexpr int64_t freshMs = 1000;

/// The second-chance order: a document that was used since the hand last passed gets another round.
struct Cache {
  std::unordered_map<std::string_view, Document *> byPath; // the keys lie in the documents
  std::vector<Document *> ring;
  size_t hand = 0;
  int64_t bytes = 0;
  size_t descriptors = 0;

  ~Cache() {
    for (Document *document : ring)
      drop(document);
  }
};

Cache cache;

/// What a document costs, its share of the containers included.
int64_t costOf(const Document &document) {
  return sizeof(Document) + 256 + 2 * document.path.capacity() + (document.content ? document.size : 0);
}

void account(const Document &document, int sign) {
  cache.bytes += sign * costOf(document);
  cache.descriptors += document.fd >= 0 ? sign : 0;
}

void remove(size_t index) {
  Document *document = cache.ring[index];
  cache.byPath.erase(document->path);
  account(*document, -1);
  cache.ring[index] = cache.ring.back();
  cache.ring.pop_back();
  drop(document);
}

void giveUpOne() {
  for (;;) {
    if (cache.hand >= cache.ring.size())
      cache.hand = 0;
    if (!cache.ring[cache.hand]->used.exchange(false, std::memory_order_relaxed))
      return remove(cache.hand);
    ++cache.hand;
  }
}

/// Does all of it, or throws and does nothing.
void insert(Document *document) {
  cache.ring.push_back(document);
  try {
    cache.byPath.emplace(document->path, document);
  } catch (...) {
    cache.ring.pop_back();
    throw;
  }
  hold(document);
  account(*document, 1);
}

void makeRoomFor(const Document &document) {
  const int64_t bytes = options().cacheBytes - costOf(document);
  const size_t descriptors = openDocumentLimit() - (document.fd >= 0);
  while (!cache.ring.empty() && (cache.bytes > bytes || cache.descriptors > descriptors))
    giveUpOne();
}

bool isFresh(const Document *document) {
  return document && monotonicMs() - document->checked.load(std::memory_order_relaxed) < freshMs;
}

} // namespace

int CheckCache(CheckCache_in *in, CheckCache_out *out) {
  Exchange &exchange = *connection(in->socket).exchange;
  auto found = cache.byPath.find(exchange.path);
  if (found != cache.byPath.end()) {
    exchange.document = found->second;
    hold(exchange.document);
    // Not written if it is set already, so that readers on several cores do not fight over the line.
    if (!exchange.document->used.load(std::memory_order_relaxed))
      exchange.document->used.store(true, std::memory_order_relaxed);
  }
  *out = {in->socket, in->close, in->file, exchange.document};
  return 0;
}

bool IsFresh(Document *document) { return isFresh(document); }

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
  Document *document = in->document;
  *out = {in->socket, in->close, in->file, document};
  auto found = cache.byPath.find(document->path);
  if (found != cache.byPath.end()) {
    if (found->second == document)
      return 0;
    for (size_t i = 0; i < cache.ring.size(); ++i) {
      if (cache.ring[i] == found->second) {
        remove(i);
        break;
      }
    }
  }
  if (costOf(*document) > options().cacheBytes || (document->fd >= 0 && openDocumentLimit() == 0))
    return 0;
  makeRoomFor(*document);
  insert(document);
  return 0;
} catch (const std::bad_alloc &) {
  return 0; // it is served all the same
}
