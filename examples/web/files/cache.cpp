// cache.cpp - which documents are kept.
#include "files/cache.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <new>
#include <sys/resource.h>

namespace web {
namespace {

/// What a document costs, its share of the containers included.
int64_t costOf(const Document &document) {
  return sizeof(Document) + 256 + 2 * document.path.capacity() + (document.content ? document.size : 0);
}

} // namespace

int64_t Cache::maxBytes;
size_t Cache::maxDescriptors;

void Cache::limit(int64_t bytes, size_t descriptors) {
  maxBytes = bytes;
  maxDescriptors = descriptors;
}

Cache::~Cache() {
  for (Document *document : ring)
    drop(document);
}

void Cache::account(const Document &document, int sign) {
  bytes += sign * costOf(document);
  descriptors += document.fd >= 0 ? sign : 0;
}

void Cache::remove(size_t index) {
  Document *document = ring[index];
  byPath.erase(document->path);
  account(*document, -1);
  ring[index] = ring.back();
  ring.pop_back();
  drop(document);
}

void Cache::giveUpOne() {
  for (;;) {
    if (hand >= ring.size())
      hand = 0;
    if (!ring[hand]->used.exchange(false, std::memory_order_relaxed))
      return remove(hand);
    ++hand;
  }
}

void Cache::makeRoomFor(const Document &document) {
  const int64_t bytesLeft = maxBytes - costOf(document);
  const size_t descriptorsLeft = maxDescriptors - (document.fd >= 0);
  while (!ring.empty() && (bytes > bytesLeft || descriptors > descriptorsLeft))
    giveUpOne();
}

/// Does all of it, or throws and does nothing.
void Cache::insert(Document *document) {
  ring.push_back(document);
  try {
    byPath.emplace(document->path, document);
  } catch (...) {
    ring.pop_back();
    throw;
  }
  hold(document);
  account(*document, 1);
}

Document *Cache::find(std::string_view path) const {
  auto found = byPath.find(path);
  if (found == byPath.end())
    return nullptr;
  Document *document = found->second;
  hold(document);
  // Not written if it is set already, so that readers on several cores do not fight over the line.
  if (!document->used.load(std::memory_order_relaxed))
    document->used.store(true, std::memory_order_relaxed);
  return document;
}

void Cache::store(Document *document) {
  auto found = byPath.find(document->path);
  if (found != byPath.end()) {
    if (found->second == document)
      return;
    remove(std::find(ring.begin(), ring.end(), found->second) - ring.begin());
  }
  if (costOf(*document) > maxBytes || (document->fd >= 0 && maxDescriptors == 0))
    return;
  makeRoomFor(*document);
  insert(document);
}

static std::unique_ptr<Cache[]> caches;

size_t mostDescriptors() {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  constexpr rlim_t most = 1024;
  return std::min(limit.rlim_max / 4, most);
}

bool makeCaches(int copies, int64_t bytes) {
  const auto count = static_cast<size_t>(copies > 0 ? copies : 1);
  Cache::limit(bytes / static_cast<int64_t>(count), mostDescriptors() / count);
  caches.reset(new (std::nothrow) Cache[count]);
  if (!caches)
    fprintf(stderr, "web: out of memory\n");
  return caches != nullptr;
}

Cache &cacheOfCopy(int64_t copy) { return caches[static_cast<size_t>(copy)]; }

} // namespace web
