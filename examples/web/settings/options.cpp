// options.cpp - the command line.
#include "settings/options.h"
#include "settings/keys.h"
#include "settings/settings_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <getopt.h>

namespace web {
namespace {

const char help[] = R"(usage: %s [options]

Serves the files of a directory over HTTP/1.1.

  --settings=FILE      read settings from this file, which may say more than options; those are stronger
  --check              say whether the settings are right, and end
  --root=DIR           the directory to serve (default: the current one)
  --port=N             the port to listen on; 0 takes a free one and prints it (default: 8080)
  --address=ADDRESS    where to listen, may be repeated (default: every IPv4 and IPv6 address)
  --certificate=FILE   speak TLS, with this certificate and what stands behind it, in PEM
  --key=FILE           the key of the certificate (default: it is in the same file)
  --idle-timeout=S     seconds an idle connection is kept open (default: 60)
  --header-timeout=S   seconds a request head may take to arrive (default: 20)
  --send-timeout=S     seconds a client may take to accept more of an answer (default: 30)
  --min-rate=N         bytes a second that a client has to accept on average after that time (default: 0, any)
  --precompressed      send FILE.br and FILE.gz in place of FILE to clients that like them
  --fallback=PATH      what pages that are not there are answered with, "/index.html" for example
  --dotfiles           serve files whose names begin with a dot, too
  --listing            show what is in a directory that has no index.html
  --unknown-hosts=X    'serve' hosts without settings of their own what there is for all (default), or 'refuse' them
  --user=NAME          become this user once the ports are open
  --group=NAME         with this group in place of the user's own
  --cache=MIB          memory for the contents of small files (default: 64)
  --help               this text
  --flux-help          the options of the Flux runtime
)";

// How a text sets each kind of value.

template <typename Owner>
bool set(const Number<Owner> &number, const char *name, const std::string &text, Owner &owner) {
  char *end;
  errno = 0;
  const long long n = strtoll(text.c_str(), &end, 10); // " 80" is a number, too
  if (text.empty() || *end || errno || n < number.low || n > number.high) {
    fprintf(stderr, "web: --%s takes a number from %lld to %lld, but got '%s'\n", name, (long long)number.low,
            (long long)number.high, text.c_str());
    return false;
  }
  owner.*number.member = n;
  return true;
}

template <typename Owner> bool set(const Text<Owner> &value, const char *, const std::string &text, Owner &owner) {
  owner.*value.member = text;
  return true;
}

template <typename Owner>
bool set(const Choice<Owner> &value, const char *name, const std::string &text, Owner &owner) {
  if (text != value.one && text != value.other) {
    fprintf(stderr, "web: --%s takes '%s' or '%s', but got '%s'\n", name, value.one, value.other, text.c_str());
    return false;
  }
  owner.*value.member = text;
  return true;
}

template <typename Owner> bool set(const File<Owner> &value, const char *, const std::string &text, Owner &owner) {
  owner.*value.member = text;
  return true;
}

template <typename Owner> bool set(const Path<Owner> &value, const char *name, const std::string &text, Owner &owner) {
  if (text.empty() || text[0] != '/') {
    fprintf(stderr, "web: --%s takes a path that begins with a slash, but got '%s'\n", name, text.c_str());
    return false;
  }
  owner.*value.member = text;
  return true;
}

template <typename Owner> bool set(const Flag<Owner> &value, const char *, const std::string &, Owner &owner) {
  return owner.*value.member = true;
}

template <typename Owner> bool set(const List<Owner> &value, const char *, const std::string &text, Owner &owner) {
  (owner.*value.member).push_back(text);
  return true;
}

template <typename Owner> const Key<Owner> *find(const std::vector<Key<Owner>> &keys, const char *name) {
  for (const Key<Owner> &key : keys)
    if (strcmp(key.name, name) == 0)
      return &key;
  return nullptr;
}

template <typename Owner> bool set(const Key<Owner> &key, const std::string &text, Owner &owner) {
  return std::visit([&](const auto &value) { return set(value, key.name, text, owner); }, key.value);
}

/// What the command line lists takes the place of what the file does.
void clearLists(const std::vector<const char *> &names, Settings &settings) {
  for (const char *name : names)
    if (const Key<Settings> *key = find(serverKeys, name))
      if (const auto *list = std::get_if<List<Settings>>(&key->value))
        (settings.*list->member).clear();
}

template <typename Owner> void addOptions(const std::vector<Key<Owner>> &keys, std::vector<option> &known) {
  known.reserve(known.size() + keys.size() + 1); // and one that ends them
  for (const Key<Owner> &key : keys)
    known.push_back(
        {key.name, std::holds_alternative<Flag<Owner>>(key.value) ? no_argument : required_argument, nullptr, 'k'});
}

} // namespace

bool Options::parse(int argc, char **argv) {
  std::vector<option> known = {{"check", no_argument, nullptr, 'c'},
                               {"help", no_argument, nullptr, 'h'},
                               {"settings", required_argument, nullptr, 's'}};
  addOptions(serverKeys, known);
  addOptions(siteKeys, known);
  known.push_back({});
  int index = 0;
  for (int c; (c = getopt_long(argc, argv, "", known.data(), &index)) != -1;) {
    if (c == 'h') {
      printf(help, argv[0]);
      exit(0);
    }
    if (c == '?') {
      fprintf(stderr, "web: --help lists the options\n");
      return false;
    }
    if (c == 's')
      file = optarg;
    else if (c == 'c')
      checks = true;
    else
      given.push_back({known[static_cast<size_t>(index)].name, optarg ? optarg : ""});
  }
  if (optind == argc)
    return true;
  fprintf(stderr, "web: unexpected argument '%s'; --help lists the options\n", argv[optind]);
  return false;
}

bool Options::read(Settings &settings) const {
  if (!file.empty() && !readSettingsFile(file, settings))
    return false;
  std::vector<const char *> names;
  for (const Given &option : given)
    names.push_back(option.name);
  clearLists(names, settings);
  for (const Given &option : given) {
    const Key<Settings> *key = find(serverKeys, option.name);
    if (!(key ? set(*key, option.value, settings) : set(*find(siteKeys, option.name), option.value, settings.site))) {
      fprintf(stderr, "web: --help lists the options\n");
      return false;
    }
  }
  if (settings.site.key.empty() || !settings.site.certificate.empty())
    return true;
  fprintf(stderr, "web: a key needs a certificate\n");
  return false;
}

} // namespace web
