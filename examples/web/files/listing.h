// listing.h - a page that shows what is in a directory.
#ifndef WEB_FILES_LISTING_H
#define WEB_FILES_LISTING_H

#include "files/document.h"
#include "sites/site.h"

#include <string>

namespace web {

/// Makes a page of what is in a directory, which is open and what `path` names; `document` becomes the caller's
/// reference to it. It shows what the site would serve, directories first, and of a directory with more than 10,000
/// entries not all. Returns 0 or an HTTP status.
int listDirectory(const Site &site, const std::string &path, Descriptor directory, Document *&document);

} // namespace web

#endif // WEB_FILES_LISTING_H
