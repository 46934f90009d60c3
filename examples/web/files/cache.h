// cache.h - documents that may be asked for again.
#ifndef WEB_FILES_CACHE_H
#define WEB_FILES_CACHE_H

#include "files/document.h"
#include "sites/site.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace web {

/// The documents of one poller's requests. What it has no room for is given up in second-chance order: a document that
/// was used since the hand last passed gets another round.
///
/// Any thread may call what is const beside others that do; store() needs the cache for itself. The constraints of
/// web.flux see to that.
class Cache {
public:
  Cache() = default;
  Cache(const Cache &) = delete;
  ~Cache();

  /// What each cache may hold from now on. Main thread, before the first is used.
  static void limit(int64_t bytes, size_t descriptors);

  /// Replaces the sites whose documents it has, by a reference of the caller's, and gives all of these up.
  void renew(const Sites *replacement);

  /// The site that a host is served by; null if there is none. It is there as long as nobody renews the cache.
  const Site *siteOf(std::string_view host) const { return sites->find(host); }

  /// A new reference to the document that `path` names, or null.
  Document *find(const Site &site, std::string_view path) const;

  /// Keeps a reference to the document if there is room for it, instead of any other of the same path, and if it is of
  /// the present sites. Throws
  /// std::bad_alloc without having kept it.
  void store(Document *document);

private:
  void account(const Document &document, int sign);
  void remove(size_t index);
  void giveUpOne();
  void makeRoomFor(const Document &document);
  void insert(Document *document);

  static int64_t maxBytes;
  static size_t maxDescriptors;

  /// Documents by site and path, which lies in the document.
  using Name = std::pair<const Site *, std::string_view>;
  struct HashOfName {
    size_t operator()(const Name &name) const {
      return std::hash<std::string_view>()(name.second) ^ std::hash<const void *>()(name.first);
    }
  };
  static Name nameOf(const Document &document) { return {document.site, document.path}; }

  const Sites *sites = nullptr;
  std::unordered_map<Name, Document *, HashOfName> byName;
  std::vector<Document *> ring;
  size_t hand = 0;
  int64_t bytes = 0;
  size_t descriptors = 0;
};

/// How many files all caches together may keep open: a quarter of what the process may, and no more than 1024.
size_t mostDescriptors();

/// Makes a cache for each copy of the source, which share `bytes`, for documents of `sites`. False after a message.
/// Main thread, before any copy runs.
bool makeCaches(int copies, int64_t bytes, const Sites &sites);

/// That of one of them.
Cache &cacheOfCopy(int64_t copy);

} // namespace web

#endif // WEB_FILES_CACHE_H
