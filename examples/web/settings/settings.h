// settings.h - what the server has been told, by its settings file and by the command line.
#ifndef WEB_SETTINGS_SETTINGS_H
#define WEB_SETTINGS_SETTINGS_H

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace web {

/// Fields for what certain paths name.
struct HeaderSettings {
  std::string path; ///< a pattern as of fnmatch(3), in which * stands for slashes, too
  std::vector<std::pair<std::string, std::string>> fields;
  bool always = false; ///< for errors and redirects, too
};

/// How one site is served.
struct SiteSettings {
  std::string root = ".";
  std::string certificate, key; ///< files in PEM; no certificate: none of its own; no key: it is in the same file
  bool listing = false;
  bool precompressed = false;
  bool dotfiles = false;
  std::string fallback; ///< a path; empty: none
  std::vector<HeaderSettings> headers;
  std::map<int, std::string> errorPages; ///< files by status
};

/// A site for some names.
struct HostSettings {
  std::vector<std::string> names; ///< in lower case; "*.example.org" is all names below that
  SiteSettings site;
};

struct Settings {
  std::vector<std::string> addresses; ///< empty: every address of the machine
  int64_t port = 8080;
  int64_t idleTimeout = 60; ///< seconds, as the others
  int64_t headerTimeout = 20;
  int64_t sendTimeout = 30;
  int64_t minRate = 0;                ///< bytes a second
  int64_t cache = 64;                 ///< MiB
  std::string user, group;            ///< that it becomes; empty: it stays what it is
  std::string unknownHosts = "serve"; ///< or "refuse"
  SiteSettings site;                  ///< of all hosts without one of their own
  std::vector<HostSettings> hosts;

  /// The addresses, as flux_net_listen() wants them.
  std::string listen() const;

  /// The host of the last one, to show.
  std::string shown() const;
};

} // namespace web

#endif // WEB_SETTINGS_SETTINGS_H
