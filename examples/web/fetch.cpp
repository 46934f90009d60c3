// fetch.cpp - the nodes that find a document: in the cache of the copy of the source that has the request, or among the
// files.
#include "files/cache.h"
#include "files/document.h"
#include "web.flux.h"

#include <new>

using namespace web;

namespace {

/// For so long a document is served without a look at its file.
constexpr int64_t freshMs = 1000;

std::string_view pathOf(const flux_http_request *request) {
  size_t length;
  const char *path = flux_http_path(request, &length);
  return {path, length};
}

} // namespace

int CheckCache(CheckCache_in *in, CheckCache_out *out) {
  *out = {in->request, cacheOfCopy(flux_session()).find(pathOf(in->request))};
  return 0;
}

bool IsFresh(Document *document) {
  return document && monotonicMs() - document->checked.load(std::memory_order_relaxed) < freshMs;
}

int ReadFile(ReadFile_in *in, ReadFile_out *out) {
  Document *loaded = nullptr;
  int status = 503;
  try {
    status = loadDocument(std::string(pathOf(in->request)), in->document, loaded);
  } catch (const std::bad_alloc &) {
  }
  if (in->document)
    drop(in->document);
  *out = {in->request, loaded};
  return status;
}

int StoreInCache(StoreInCache_in *in, StoreInCache_out *out) try {
  *out = {in->request, in->document};
  cacheOfCopy(flux_session()).store(in->document);
  return 0;
} catch (const std::bad_alloc &) {
  return 0; // it is served all the same
}
