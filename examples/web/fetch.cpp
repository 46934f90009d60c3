// fetch.cpp - the nodes that find a document: in the cache of the copy of the source that has the request, or among the
// files.
#include "asked.h"
#include "files/cache.h"
#include "files/load.h"
#include "web.flux.h"

#include <new>

using namespace web;

namespace {

/// For so long a document is served without a look at its file.
constexpr int64_t freshMs = 1000;

} // namespace

int CheckCache(CheckCache_in *in, CheckCache_out *out) {
  const Cache &cache = cacheOfCopy(flux_session());
  const Site *site = cache.siteOf(hostOf(in->request));
  if (!site)
    return 421;
  Document *document = cache.find(*site, pathOf(in->request));
  const bool isFresh = document && monotonicMs() - document->checked.load(std::memory_order_relaxed) < freshMs;
  if (!isFresh)
    hold(*site->all); // until its files have been looked at
  *out = {in->request, isFresh ? nullptr : site, document};
  return 0;
}

bool IsFresh(const Site *site) { return !site; }

int ReadFile(ReadFile_in *in, ReadFile_out *out) {
  Document *loaded = nullptr;
  int status;
  try {
    const bool isPage = flux_http_lists(in->request, "Accept", "text/html");
    status = loadDocument(*in->site, std::string(pathOf(in->request)), isPage, in->document, loaded);
  } catch (const std::bad_alloc &) {
    status = 503;
  }
  if (status != 0)
    return status;
  if (in->document)
    drop(in->document);
  drop(*in->site->all);
  *out = {in->request, nullptr, loaded};
  return 0;
}

int StoreInCache(StoreInCache_in *in, StoreInCache_out *out) try {
  *out = {in->request, in->site, in->document};
  cacheOfCopy(flux_session()).store(in->document);
  return 0;
} catch (const std::bad_alloc &) {
  return 0; // it is served all the same
}
