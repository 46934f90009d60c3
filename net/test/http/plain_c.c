/* plain_c.c - the library from C, without the C++ library. */
#include "flux/http.h"

#include <string.h>

int main(void) {
  char date[FLUX_HTTP_DATE_SIZE];
  return strcmp(flux_http_date(784111777, date), "Sun, 06 Nov 1994 08:49:37 GMT") ||
         strcmp(flux_http_media_type("a.CSS"), "text/css; charset=utf-8");
}
