// site_reader.h - what a settings file says of one site.
#ifndef WEB_SETTINGS_SITE_READER_H
#define WEB_SETTINGS_SITE_READER_H

#include "settings/table.h"

namespace web {

/// Reads the keys of a site from a table over what is in `site`.
void readSite(Reading &reading, Table &table, SiteSettings &site);

} // namespace web

#endif // WEB_SETTINGS_SITE_READER_H
