// document.h - a file as it is served, in each of the ways that it may be sent: their contents or open descriptors, and
// everything about them that goes into a head.
#ifndef WEB_FILES_DOCUMENT_H
#define WEB_FILES_DOCUMENT_H

#include "files/descriptor.h"
#include "web.h"

#include <flux/http.h>

#include <atomic>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

namespace web {

/// One way to send a document: as it is, or compressed beforehand.
struct Form {
  const char *coding = ""; ///< as Accept-Encoding calls it; empty: as it is
  uint64_t device = 0, inode = 0;
  struct timespec modified = {};
  int64_t size = 0;

  std::unique_ptr<char[]> content; ///< of a small file
  Descriptor file;                 ///< of a larger one

  std::string etag;
  std::string validators; ///< the lines that tell whether a copy of it is still right
  std::string headers;    ///< those and the others that every answer with it carries
};

} // namespace web

/// Immutable once it is published, but for the atomics. Lives as long as anybody holds a reference.
struct Document {
  std::atomic<int> references{1};
  std::atomic<int64_t> checked{0}; ///< when it was last seen to be the same as the file, in monotonic milliseconds
  std::atomic<bool> used{false};   ///< since the cache last looked for something to give up

  std::string path;             ///< as requested; empty: not to be found by one
  const Site *site = nullptr;   ///< that it is of, of whose sites it has a reference
  std::vector<web::Form> forms; ///< at least one; the first is the document as it is

  Document(const Site &site, const std::string &path);
  ~Document();
};

namespace web {

void hold(Document *document);

/// Gives a reference back; the last one frees the document. Any thread.
void drop(Document *document);

/// The form that a client is sent, by its Accept-Encoding; null if it refuses all.
const Form *choose(const flux_http_request *request, const Document &document);

int64_t monotonicMs();

} // namespace web

#endif // WEB_FILES_DOCUMENT_H
