// cache.cpp - which results are kept.
#include "files/cache.h"

namespace image {

Reference Cache::find(std::string_view key) {
  const auto found = byKey.find(key);
  if (found == byKey.end())
    return {};
  latest.splice(latest.begin(), latest, found->second);
  return *found->second;
}

void Cache::store(const Reference &result) {
  const auto found = byKey.find(result->key);
  if (found != byKey.end()) {
    if (found->second->get() == result.get())
      return;
    bytes -= (*found->second)->cost();
    const auto place = found->second;
    byKey.erase(found);
    latest.erase(place);
  }
  latest.push_front(result);
  byKey.emplace(result->key, latest.begin());
  bytes += result->cost();
}

void Cache::shrink() {
  for (auto place = latest.end(); bytes > maxBytes && place != latest.begin();) {
    --place;
    if ((*place)->references.load(std::memory_order_relaxed) > 1)
      continue;
    bytes -= (*place)->cost();
    byKey.erase((*place)->key);
    place = latest.erase(place);
  }
}

} // namespace image
