// document.h - a file as it is served: its contents or an open descriptor, and everything about it that goes into a
// head.
#ifndef WEB_FILES_DOCUMENT_H
#define WEB_FILES_DOCUMENT_H

#include "web.h"

#include <flux/http.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

/// Immutable once it is published, but for the atomics. Lives as long as anybody holds a reference.
struct Document {
  std::atomic<int> references{1};
  std::atomic<int64_t> checked{0}; ///< when it was last seen to be the same as the file, in monotonic milliseconds
  std::atomic<bool> used{false};   ///< since the cache last looked for something to give up

  std::string path; ///< as requested
  uint64_t device = 0, inode = 0;
  struct timespec modified = {};
  int64_t size = 0;

  std::unique_ptr<char[]> content; ///< of a small file
  int fd = -1;                     ///< of a larger one

  std::string etag;
  std::string validators; ///< the lines that tell whether a copy of it is still right
  std::string headers;    ///< those and the others that every answer with this document carries

  ~Document();
};

namespace web {

void hold(Document *document);

/// Gives a reference back; the last one frees the document. Any thread.
void drop(Document *document);

/// Loads what `path` names into `document`, which becomes the caller's reference. If that is still what `known` (may be
/// null) holds, `document` becomes a new reference to `known`. Returns 0 or an HTTP status: 301 for a directory without
/// slash, 403, 404, 500, 503.
int loadDocument(const std::string &path, Document *known, Document *&document);

int64_t monotonicMs();

/// Answers with a page that says what the status means.
void sendErrorPage(flux_http_request *request, int status);

/// Whether a method is one that servers may have, though this one has not.
bool isKnownMethod(const char *method);

} // namespace web

#endif // WEB_FILES_DOCUMENT_H
