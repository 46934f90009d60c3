// load.h - from files to documents.
#ifndef WEB_FILES_LOAD_H
#define WEB_FILES_LOAD_H

#include "files/document.h"
#include "sites/site.h"

#include <string>

namespace web {

/// Loads what `path` names into `document`, which becomes the caller's reference. If that is still what `known` (may be
/// null) holds, `document` becomes a new reference to `known`. A page, which the client would show to somebody, may be
/// the site's fallback. Returns 0 or an HTTP status: 301 for a directory without slash, 403, 404, 500, 503.
int loadDocument(const Site &site, const std::string &path, bool isPage, Document *known, Document *&document);

} // namespace web

#endif // WEB_FILES_LOAD_H
