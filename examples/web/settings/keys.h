// keys.h - what can be set, once for the settings file and the command line: `port = 80` and --port=80.
#ifndef WEB_SETTINGS_KEYS_H
#define WEB_SETTINGS_KEYS_H

#include "settings/settings.h"

#include <variant>

namespace web {

template <typename Owner> struct Number {
  int64_t Owner::*member;
  int64_t low, high;
};

template <typename Owner> struct Text {
  std::string Owner::*member;
};

/// One of two words.
template <typename Owner> struct Choice {
  std::string Owner::*member;
  const char *one, *other;
};

/// Relative to the directory of the settings file that names it, or to the present one.
template <typename Owner> struct File {
  std::string Owner::*member;
};

/// One of a site, from its root on.
template <typename Owner> struct Path {
  std::string Owner::*member;
};

/// On the command line, its name sets it.
template <typename Owner> struct Flag {
  bool Owner::*member;
};

template <typename Owner> struct List {
  std::vector<std::string> Owner::*member;
};

template <typename Owner> struct Key {
  const char *name;
  std::variant<Number<Owner>, Text<Owner>, Choice<Owner>, File<Owner>, Path<Owner>, Flag<Owner>, List<Owner>> value;
};

/// Those of the server, and those of each site.
extern const std::vector<Key<Settings>> serverKeys;
extern const std::vector<Key<SiteSettings>> siteKeys;

} // namespace web

#endif // WEB_SETTINGS_KEYS_H
