// document.h - a file as it is served: its contents or an open descriptor, and everything about it that goes into a
// head.
#ifndef WEB_DOCUMENT_H
#define WEB_DOCUMENT_H

#include "web.h"

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
  std::string lastModified;
  std::string headers; ///< the header lines that every answer with this document carries
  std::string whole;   ///< those and the rest of the head of an answer with all of it

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

} // namespace web

#endif // WEB_DOCUMENT_H
