// listing.cpp - a page that shows what is in a directory.
#include "files/listing.h"
#include "files/path.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace web {
namespace {

constexpr size_t mostEntries = 10000;

struct Entry {
  std::string name; // with a slash behind it if it is a directory
  bool isDirectory;
  int64_t size;
  time_t modified;
};

/// Appends text so that HTML shows it as it is, in attributes, too.
void appendText(std::string_view text, std::string &page) {
  for (const char c : text) {
    switch (c) {
    case '&':
      page += "&amp;";
      break;
    case '<':
      page += "&lt;";
      break;
    case '>':
      page += "&gt;";
      break;
    case '"':
      page += "&quot;";
      break;
    case '\'':
      page += "&#39;";
      break;
    default:
      page += static_cast<unsigned char>(c) < ' ' || c == 127 ? '?' : c;
    }
  }
}

/// Looks at what a name in the directory is, as who asks for it would: links that lead out of the root are not
/// followed.
bool look(const Site &site, const std::string &path, const dirent &found, int directory, Entry &entry) {
  struct stat state;
  if (fstatat(directory, found.d_name, &state, AT_SYMLINK_NOFOLLOW) != 0)
    return false;
  if (S_ISLNK(state.st_mode)) {
    const Descriptor target(site.root.openFile(path + found.d_name));
    if (!target.isOpen() || fstat(target.get(), &state) != 0)
      return false;
  }
  entry = {found.d_name, S_ISDIR(state.st_mode), state.st_size, state.st_mtime};
  if (entry.isDirectory)
    entry.name += '/';
  return entry.isDirectory || S_ISREG(state.st_mode);
}

/// Reads the directory; true if that was all of it.
bool readEntries(const Site &site, const std::string &path, DIR *stream, std::vector<Entry> &entries) {
  while (const dirent *found = readdir(stream)) {
    const std::string_view name = found->d_name;
    Entry entry;
    if (name == "." || name == ".." || (!site.settings.dotfiles && isHidden(path + found->d_name)) ||
        !look(site, path, *found, dirfd(stream), entry))
      continue;
    if (entries.size() == mostEntries)
      return false;
    entries.push_back(std::move(entry));
  }
  return true;
}

void appendRow(const Entry &entry, std::string &page) {
  page += "<tr><td><a href=\"./"; // else a name with a colon would begin with a scheme
  std::string link;
  appendEncoded(entry.name, link);
  appendText(link, page);
  page += "\">";
  appendText(entry.name, page);
  char rest[80] = "";
  struct tm time;
  gmtime_r(&entry.modified, &time);
  char date[40] = "";
  strftime(date, sizeof date, "%Y-%m-%d %H:%M", &time);
  if (entry.isDirectory)
    snprintf(rest, sizeof rest, "</a></td><td></td><td>%s</td></tr>\n", date);
  else
    snprintf(rest, sizeof rest, "</a></td><td>%lld</td><td>%s</td></tr>\n", static_cast<long long>(entry.size), date);
  page += rest;
}

std::string makePage(const std::string &path, const std::vector<Entry> &entries, bool isWhole) {
  std::string title;
  appendText(path, title);
  std::string page = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>" + title + "</title>\n<h1>" + title +
                     "</h1>\n<table>\n<tr><th>Name</th><th>Bytes</th><th>Changed (UTC)</th></tr>\n";
  if (path != "/")
    page += "<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n";
  for (const Entry &entry : entries)
    appendRow(entry, page);
  page += "</table>\n";
  if (!isWhole)
    page += "<p>There is more than is shown here.</p>\n";
  return page;
}

} // namespace

int listDirectory(const Site &site, const std::string &path, Descriptor directory, Document *&document) {
  DIR *stream = fdopendir(directory.get());
  if (!stream)
    return 503;
  directory.release();
  std::vector<Entry> entries;
  const bool isWhole = readEntries(site, path, stream, entries);
  closedir(stream);
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
    return a.isDirectory != b.isDirectory ? a.isDirectory : a.name < b.name;
  });
  const std::string page = makePage(path, entries, isWhole);
  auto made = std::make_unique<Document>(site, path);
  made->forms.emplace_back();
  Form &form = made->forms[0];
  form.size = static_cast<int64_t>(page.size());
  form.content.reset(new char[page.size()]);
  memcpy(form.content.get(), page.data(), page.size());
  form.headers = site.headersOf(path, false) + "Content-Type: text/html; charset=utf-8\r\n";
  document = made.release();
  return 0;
}

} // namespace web
