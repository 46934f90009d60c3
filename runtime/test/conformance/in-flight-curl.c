#include "in-flight-curl.flux.h"
#include "slow_server.h"

#include <curl/curl.h>

SHARED({ int next, done; });

int flux_init(int argc, char **argv) {
  CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
  startSlowServer(argc, argv, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nanswer");
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < slow.clients ? 0 : FLUX_STOP; }

static size_t take(char *data, size_t size, size_t count, void *got) {
  size_t *have = got;
  CHECK(*have + size * count <= 6 && memcmp(data, &"answer"[*have], size * count) == 0);
  *have += size * count;
  return size * count;
}

int Fetch(Fetch_in *in, Fetch_out *out) {
  char url[100];
  size_t size = 0;
  long status = 0;
  snprintf(url, sizeof url, "http://127.0.0.1:%d/%d", slow.port, in->n);
  CURL *curl = curl_easy_init();
  CHECK(curl);
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &size);
  const CURLcode code = curl_easy_perform(curl);
  if (code)
    fprintf(stderr, "request %d: %s\n", in->n, curl_easy_strerror(code));
  CHECK(code == CURLE_OK);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup(curl);
  out->n = in->n;
  out->status = status;
  out->size = (int64_t)size;
  return 0;
}

int Check(Check_in *in) {
  CHECK(in->status == 200 && in->size == 6);
  ADD(shared->done, 1);
  return 0;
}

void flux_shutdown(void) {
  joinSlowServer();
  curl_global_cleanup();
  CHECK(READ(shared->done) == slow.clients);
}
