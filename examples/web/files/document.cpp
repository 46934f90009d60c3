// document.cpp - loading files.
#include "files/document.h"
#include "files/path.h"

#include <cerrno>
#include <cstdio>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

Document::~Document() {
  if (fd >= 0)
    close(fd);
}

namespace web {
namespace {

/// Up to this size a copy into the socket, in one system call with the head, is cheaper than sendfile's page references
/// and its second call: 11.3 us of processor time against 12.5 at 64 KiB. At 128 KiB sendfile takes a fifth less.
constexpr int64_t maxContent = 64 * 1024;

int statusOf(int error) {
  switch (error) {
  case ENOENT:
  case ENOTDIR:
  case ENAMETOOLONG:
  case EINVAL:
    return 404;
  case EACCES:
  case EPERM:
  case ELOOP:
  case EXDEV: // a symbolic link leads out of the root
  case ENXIO: // a socket
  case ENODEV:
    return 403;
  case EMFILE:
  case ENFILE:
  case ENOMEM:
    return 503;
  default:
    return 500;
  }
}

/// A descriptor that closes itself.
struct Descriptor {
  int fd;
  explicit Descriptor(int fd) : fd(fd) {}
  Descriptor(const Descriptor &) = delete;
  ~Descriptor() {
    if (fd >= 0)
      close(fd);
  }
  int take() {
    int taken = fd;
    fd = -1;
    return taken;
  }
};

bool readAll(int fd, char *to, int64_t size) {
  for (int64_t have = 0; have < size;) {
    ssize_t n = pread(fd, to + have, size - have, have);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    have += n;
  }
  return true;
}

bool same(const Document &document, const struct stat &st) {
  return document.inode == st.st_ino && document.device == st.st_dev && document.size == st.st_size &&
         document.modified.tv_sec == st.st_mtim.tv_sec && document.modified.tv_nsec == st.st_mtim.tv_nsec;
}

void describe(Document &document, const struct stat &st, const std::string &name) {
  document.device = st.st_dev;
  document.inode = st.st_ino;
  document.modified = st.st_mtim;
  document.size = st.st_size;
  char tag[64];
  // The inode, too: another file of the same size and time may take its place.
  snprintf(tag, sizeof tag, "\"%llx-%llx.%lx-%llx\"", (unsigned long long)st.st_ino,
           (unsigned long long)st.st_mtim.tv_sec, (long)st.st_mtim.tv_nsec, (unsigned long long)st.st_size);
  document.etag = tag;
  document.validators.append("ETag: ").append(document.etag).append("\r\n");
  // One in the future would make a later change look older.
  if (st.st_mtim.tv_sec <= time(nullptr)) {
    char modified[FLUX_HTTP_DATE_SIZE];
    document.validators.append("Last-Modified: ").append(flux_http_date(st.st_mtim.tv_sec, modified)).append("\r\n");
  }
  document.headers = document.validators;
  document.headers.append("Accept-Ranges: bytes\r\nContent-Type: ")
      .append(flux_http_media_type(name.c_str()))
      .append("\r\n");
}

int loadFile(const std::string &path, const std::string &name, Document *known, Document *&document) {
  Descriptor file(openBelowRoot(name));
  if (file.fd < 0)
    return statusOf(-file.fd);
  struct stat st;
  if (fstat(file.fd, &st) != 0)
    return 500;
  if (S_ISDIR(st.st_mode))
    return 301;
  if (!S_ISREG(st.st_mode))
    return 403;
  if (known && same(*known, st)) {
    hold(known);
    document = known;
    return 0;
  }
  std::unique_ptr<Document> loaded(new (std::nothrow) Document);
  if (!loaded)
    return 503;
  loaded->path = path;
  describe(*loaded, st, name);
  if (st.st_size > maxContent) {
    loaded->fd = file.take();
  } else {
    loaded->content.reset(new (std::nothrow) char[st.st_size + 1]);
    if (!loaded->content)
      return 503;
    // Shorter than it was a moment ago: somebody is writing it right now, and what it will be nobody knows.
    if (!readAll(file.fd, loaded->content.get(), st.st_size))
      return 503;
  }
  document = loaded.release();
  return 0;
}

} // namespace

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

int loadDocument(const std::string &path, Document *known, Document *&document) {
  int64_t now = monotonicMs();
  int status;
  if (path.back() == '/') {
    status = loadFile(path, path + "index.html", known, document);
    // A directory without an index is there, but has nothing to show.
    if (status == 404) {
      Descriptor directory(openBelowRoot(path));
      status = directory.fd >= 0 ? 403 : statusOf(-directory.fd);
    } else if (status == 301) {
      status = 403;
    }
  } else {
    status = loadFile(path, path, known, document);
  }
  if (status == 0)
    document->checked.store(now, std::memory_order_relaxed);
  return status;
}

} // namespace web
