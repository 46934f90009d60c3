// site.h - a site that is served: its root, and what goes with the answers.
#ifndef WEB_SITES_SITE_H
#define WEB_SITES_SITE_H

#include "files/path.h"
#include "settings/settings.h"
#include "web.h"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace web {

struct Sites;

/// What stands in the place of the short text that says what a status means.
struct ErrorPage {
  const char *type;
  std::string content;
};

} // namespace web

/// Immutable once it is there.
struct Site {
  web::SiteSettings settings;
  web::Root root;
  std::map<int, web::ErrorPage> errorPages;
  const web::Sites *all = nullptr; ///< that it is one of

  /// Opens its root and reads its error pages. False after a message.
  bool open(const web::SiteSettings &given);

  /// The lines that the settings want in the head of an answer with what `path` names; of an error or a redirect,
  /// those that are for all answers. A field of a later pattern takes the place of an earlier one.
  std::string headersOf(std::string_view path, bool isError) const;
};

namespace web {

/// All sites of one reading of the settings.
struct Sites {
  mutable std::atomic<int> references{1};
  Site main;
  bool servesUnknown = true; ///< main is for all hosts that have no other
  std::vector<std::unique_ptr<Site>> others;
  std::map<std::string, const Site *, std::less<>> byName, byEnd; ///< of "*.example.org" the end is ".example.org"

  /// The one that a host is served by; null if there is none.
  const Site *find(std::string_view host) const;
};

/// Null after a message. The reference is the caller's.
const Sites *openSites(const Settings &settings);

void hold(const Sites &sites);

/// Gives a reference back; the last one frees all of it. Any thread.
void drop(const Sites &sites);

} // namespace web

#endif // WEB_SITES_SITE_H
