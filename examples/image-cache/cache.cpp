/// cache.cpp - the cache: the latest pictures, up to a number of bytes. No lock, since the constraint `cache` is on
/// every node.
#include "cache.h"
#include "image-cache.flux.h"

#include <list>
#include <map>

namespace {

using Key = std::pair<int, int>;

std::list<picture> latest; // the latest first
std::map<Key, std::list<picture>::iterator> byKey;
size_t bytesKept = 0;
size_t evictions = 0;

/// Makes a picture the latest and holds it for a flow.
picture *use(std::list<picture>::iterator place) {
  latest.splice(latest.begin(), latest, place);
  ++place->users;
  return &*place;
}

} // namespace

CacheFigures figuresOfCache() { return {latest.size(), bytesKept, evictions}; }

int Lookup(Lookup_in *in, Lookup_out *out) {
  auto found = byKey.find({in->image, in->width});
  out->cached = found == byKey.end() ? nullptr : use(found->second);
  out->image = in->image;
  out->width = in->width;
  return 0;
}

bool IsThere(picture *cached) { return cached != nullptr; }

/// Another flow may have scaled the same picture meanwhile; the first one is kept.
int Insert(Insert_in *in, Insert_out *out) {
  auto [entry, isNew] = byKey.try_emplace({in->image, in->width});
  if (isNew) {
    entry->second = latest.insert(latest.begin(), std::move(*in->scaled));
    bytesKept += entry->second->pixels.size();
  }
  delete in->scaled;
  out->image = in->image;
  out->width = in->width;
  out->cached = use(entry->second);
  return 0;
}

int Release(Release_in *in, Release_out *out) {
  --in->delivered->users;
  out->image = in->image;
  out->width = in->width;
  return 0;
}

/// Drops the oldest pictures that no flow uses until the rest fits.
int Evict(Evict_in *in, Evict_out *out) {
  for (auto place = latest.end(); bytesKept > kMostBytes && place != latest.begin();) {
    --place;
    if (place->users > 0)
      continue;
    bytesKept -= place->pixels.size();
    ++evictions;
    byKey.erase({place->image, place->width});
    place = latest.erase(place);
  }
  out->image = in->image;
  out->width = in->width;
  return 0;
}
