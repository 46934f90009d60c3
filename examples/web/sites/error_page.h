// error_page.h - answers that are no document.
#ifndef WEB_SITES_ERROR_PAGE_H
#define WEB_SITES_ERROR_PAGE_H

#include "sites/site.h"

#include <flux/http.h>

namespace web {

/// Answers with the page that the site has for a status, or else with one that says what the status means. Null: the
/// request is of no site.
void sendErrorPage(flux_http_request *request, int status, const Site *site);

} // namespace web

#endif // WEB_SITES_ERROR_PAGE_H
