// document.cpp - who has a document, and which form of it a client gets.
#include "files/document.h"
#include "sites/site.h"

Document::Document(const Site &site, const std::string &path) : path(path), site(&site) { web::hold(*site.all); }

Document::~Document() { web::drop(*site->all); }

namespace web {
namespace {

/// How much a client likes a form, in thousandths, 0 if it refuses it (RFC 9110, 12.5.3).
int likingOf(const flux_http_request *request, const char *coding, int ofOthers) {
  const bool asItIs = !*coding;
  const int weight = flux_http_weight(request, "Accept-Encoding", asItIs ? "identity" : coding);
  if (weight >= 0)
    return weight;
  // It has to refuse a document as it is, and to ask for anything else.
  if (asItIs)
    return ofOthers == 0 ? 0 : 1;
  return ofOthers > 0 ? ofOthers : 0;
}

} // namespace

const Form *choose(const flux_http_request *request, const Document &document) {
  if (document.forms.size() == 1)
    return &document.forms[0];
  const int ofOthers = flux_http_weight(request, "Accept-Encoding", "*");
  const Form *best = nullptr;
  int liking = 0;
  // What comes later is smaller, and the better of equals.
  for (const Form &form : document.forms) {
    const int its = likingOf(request, form.coding, ofOthers);
    if (its > 0 && its >= liking) {
      best = &form;
      liking = its;
    }
  }
  return best;
}

int64_t monotonicMs() {
  struct timespec ts;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
  return int64_t(ts.tv_sec) * 1000 + ts.tv_nsec / 1000000;
}

void hold(Document *document) {
  // Relaxed: who hands out a reference has one, so nothing is ordered by taking another.
  document->references.fetch_add(1, std::memory_order_relaxed);
}

void drop(Document *document) {
  // Release: our reads come before the deletion; acquire: the deletion comes after everybody's.
  if (document->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete document;
}

} // namespace web
