// load.cpp - loading files.
#include "files/load.h"
#include "files/listing.h"

#include <cerrno>
#include <cstdio>
#include <flux/http.h>
#include <new>
#include <sys/stat.h>

namespace web {
namespace {

/// Up to this size a copy into the socket, in one system call with the head, is cheaper than sendfile's page references
/// and its second call: 11.3 us of processor time against 12.5 at 64 KiB. At 128 KiB sendfile takes a fifth less.
constexpr int64_t maxContent = 64 * 1024;

/// What may be beside a file, the smallest last.
constexpr struct {
  const char *suffix, *coding;
} compressed[] = {{".gz", "gzip"}, {".br", "br"}};

/// A file that one form of a document is in.
struct Opened {
  const char *coding;
  Descriptor file;
  struct stat state;
};

/// Returns 0 or a status.
int openOne(const Site &site, const std::string &name, Opened &opened) {
  opened.file = Descriptor(site.root.openFile(name));
  if (!opened.file.isOpen())
    return flux_http_refuse_file(-opened.file.get());
  if (fstat(opened.file.get(), &opened.state) != 0)
    return 500;
  if (S_ISDIR(opened.state.st_mode))
    return 301;
  return S_ISREG(opened.state.st_mode) ? 0 : 403;
}

/// Opens a file and the compressed ones beside it. Returns 0 or a status.
int openAll(const Site &site, const std::string &name, std::vector<Opened> &all) {
  Opened plain = {"", Descriptor(), {}};
  if (const int status = openOne(site, name, plain))
    return status;
  all.push_back(std::move(plain));
  for (const auto &[suffix, coding] : compressed) {
    Opened other = {coding, Descriptor(), {}};
    if (site.settings.precompressed && openOne(site, name + suffix, other) == 0)
      all.push_back(std::move(other));
  }
  return 0;
}

bool same(const Form &form, const Opened &opened) {
  const struct stat &state = opened.state;
  return form.coding == opened.coding && form.inode == state.st_ino && form.device == state.st_dev &&
         form.size == state.st_size && form.modified.tv_sec == state.st_mtim.tv_sec &&
         form.modified.tv_nsec == state.st_mtim.tv_nsec;
}

bool same(const Document &document, const std::vector<Opened> &all) {
  if (document.forms.size() != all.size())
    return false;
  for (size_t i = 0; i < all.size(); ++i)
    if (!same(document.forms[i], all[i]))
      return false;
  return true;
}

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

void appendField(std::string &lines, const char *name, const std::string &value) {
  if (!value.empty())
    lines.append(name).append(": ").append(value).append("\r\n");
}

/// What every form of a document says.
struct Common {
  std::string type, vary, own;
};

/// Writes what heads say about a form whose file's state is known.
void describe(Form &form, const Common &common) {
  char tag[80];
  // The inode, too: another file of the same size and time may take its place. The coding: two names may be one file.
  snprintf(tag, sizeof tag, "\"%llx-%llx.%lx-%llx%s%s\"", (unsigned long long)form.inode,
           (unsigned long long)form.modified.tv_sec, (long)form.modified.tv_nsec, (unsigned long long)form.size,
           *form.coding ? "-" : "", form.coding);
  form.etag = tag;
  appendField(form.validators, "ETag", form.etag);
  // One in the future would make a later change look older.
  if (form.modified.tv_sec <= time(nullptr)) {
    char modified[FLUX_HTTP_DATE_SIZE];
    appendField(form.validators, "Last-Modified", flux_http_date(form.modified.tv_sec, modified));
  }
  appendField(form.validators, "Vary", common.vary);
  form.validators += common.own;
  form.headers = form.validators;
  appendField(form.headers, "Accept-Ranges", "bytes");
  appendField(form.headers, "Content-Type", common.type);
  appendField(form.headers, "Content-Encoding", form.coding);
}

/// Returns 0 or a status.
int load(Opened &opened, const Common &common, Form &form) {
  form.coding = opened.coding;
  form.device = opened.state.st_dev;
  form.inode = opened.state.st_ino;
  form.modified = opened.state.st_mtim;
  form.size = opened.state.st_size;
  describe(form, common);
  if (form.size > maxContent) {
    form.file = std::move(opened.file);
    return 0;
  }
  form.content.reset(new char[form.size + 1]);
  // Shorter than it was a moment ago: somebody is writing it right now, and what it will be nobody knows.
  return readAll(opened.file.get(), form.content.get(), form.size) ? 0 : 503;
}

/// Loads a file. The fallback is no answer for its own path alone, so that nobody may find it by one.
int loadFile(const Site &site, const std::string &path, const std::string &name, bool isFallback, Document *known,
             Document *&document) {
  std::vector<Opened> all;
  if (const int status = openAll(site, name, all))
    return status;
  if (known && same(*known, all)) {
    hold(known);
    document = known;
    return 0;
  }
  auto loaded = std::make_unique<Document>(site, isFallback ? "" : path);
  const std::string vary = std::string(isFallback ? "Accept" : "") + (isFallback && all.size() > 1 ? ", " : "") +
                           (all.size() > 1 ? "Accept-Encoding" : "");
  const Common common = {flux_http_media_type(name.c_str()), vary, site.headersOf(name, false)};
  for (Opened &opened : all) {
    loaded->forms.emplace_back();
    if (const int status = load(opened, common, loaded->forms.back()))
      return status;
  }
  document = loaded.release();
  return 0;
}

/// Loads what a path with a slash at its end names.
int loadDirectory(const Site &site, const std::string &path, Document *known, Document *&document) {
  const int status = loadFile(site, path, path + "index.html", false, known, document);
  if (status != 404)
    return status == 301 ? 403 : status;
  Descriptor directory(site.root.openFile(path));
  if (!directory.isOpen())
    return flux_http_refuse_file(-directory.get());
  // Without an index, it is there but has nothing to show.
  return site.settings.listing ? listDirectory(site, path, std::move(directory), document) : 403;
}

} // namespace

int loadDocument(const Site &site, const std::string &path, bool isPage, Document *known, Document *&document) {
  const int64_t now = monotonicMs();
  int status = 404;
  if (!site.settings.dotfiles && isHidden(path))
    status = 404;
  else if (path.back() == '/')
    status = loadDirectory(site, path, known, document);
  else
    status = loadFile(site, path, path, false, known, document);
  if (status == 404 && isPage && !site.settings.fallback.empty())
    status = loadFile(site, path, site.settings.fallback, true, nullptr, document);
  if (status == 0)
    document->checked.store(now, std::memory_order_relaxed);
  return status;
}

} // namespace web
