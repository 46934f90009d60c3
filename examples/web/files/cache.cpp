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
  int64_t cost = sizeof(Document) + 128 + 2 * document.path.capacity();
  for (const Form &form : document.forms)
    cost += sizeof(Form) + form.validators.capacity() + form.headers.capacity() + (form.content ? form.size : 0);
  return cost;
}

size_t descriptorsOf(const Document &document) {
  return static_cast<size_t>(
      std::count_if(document.forms.begin(), document.forms.end(), [](const Form &form) { return form.file.isOpen(); }));
}

} // namespace

int64_t Cache::maxBytes;
size_t Cache::maxDescriptors;

void Cache::limit(int64_t bytes, size_t descriptors) {
  maxBytes = bytes;
  maxDescriptors = descriptors;
}

Cache::~Cache() { renew(nullptr); }

void Cache::account(const Document &document, int sign) {
  bytes += sign * costOf(document);
  descriptors += sign * descriptorsOf(document);
}

void Cache::remove(size_t index) {
  Document *document = ring[index];
  byName.erase(nameOf(*document));
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
  const size_t descriptorsLeft = maxDescriptors - descriptorsOf(document);
  while (!ring.empty() && (bytes > bytesLeft || descriptors > descriptorsLeft))
    giveUpOne();
}

/// Does all of it, or throws and does nothing.
void Cache::insert(Document *document) {
  ring.push_back(document);
  try {
    byName.emplace(nameOf(*document), document);
  } catch (...) {
    ring.pop_back();
    throw;
  }
  hold(document);
  account(*document, 1);
}

void Cache::renew(const Sites *replacement) {
  while (!ring.empty())
    remove(ring.size() - 1);
  if (sites)
    drop(*sites);
  sites = replacement;
}

Document *Cache::find(const Site &site, std::string_view path) const {
  auto found = byName.find({&site, path});
  if (found == byName.end())
    return nullptr;
  Document *document = found->second;
  hold(document);
  // Not written if it is set already, so that readers on several cores do not fight over the line.
  if (!document->used.load(std::memory_order_relaxed))
    document->used.store(true, std::memory_order_relaxed);
  return document;
}

void Cache::store(Document *document) {
  if (document->path.empty() || document->site->all != sites)
    return;
  auto found = byName.find(nameOf(*document));
  if (found != byName.end()) {
    if (found->second == document)
      return;
    remove(std::find(ring.begin(), ring.end(), found->second) - ring.begin());
  }
  if (costOf(*document) > maxBytes || descriptorsOf(*document) > maxDescriptors)
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

bool makeCaches(int copies, int64_t bytes, const Sites &sites) {
  const auto count = static_cast<size_t>(copies > 0 ? copies : 1);
  Cache::limit(bytes / static_cast<int64_t>(count), mostDescriptors() / count);
  caches.reset(new (std::nothrow) Cache[count]);
  for (size_t i = 0; caches && i < count; ++i) {
    hold(sites);
    caches[i].renew(&sites);
  }
  if (!caches)
    fprintf(stderr, "web: out of memory\n");
  return caches != nullptr;
}

Cache &cacheOfCopy(int64_t copy) { return caches[static_cast<size_t>(copy)]; }

} // namespace web
