#define _GNU_SOURCE
#include "files.flux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static flux_net_server *server;
static int root;

int flux_init(int argc, char **argv) {
  flux_http_options options = {.net = {.source = "Next", .message_ms = 4000}};
  root = open(argc > 2 ? argv[2] : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  server = root >= 0 ? flux_http_listen(argc > 1 ? argv[1] : "*:8080", &options) : NULL;
  printf("%d\n", server ? flux_net_port(server) : 0);
  return server ? fflush(stdout) : 1;
}

int Next(Next_out *out) { return flux_http_next(server, &out->request); }

int Check(Check_in *in, Check_out *out) {
  out->request = in->request;
  const char *method = flux_http_method(in->request);
  return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ? 0 : EOPNOTSUPP;
}

/* Opens a file below the root, whatever links there are. Returns it or -1. */
static int openBelow(const char *path) {
  struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK, .resolve = RESOLVE_BENEATH};
  return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

static int redirect(flux_http_request *request, const char *path) {
  char target[4096];
  snprintf(target, sizeof target, "%s/", path);
  flux_http_set(request, "Location", target);
  return flux_http_reply(request, 301, NULL, "", 0);
}

static int sendFile(flux_http_request *request, const char *name, int file, const struct stat *status) {
  char etag[64], modified[FLUX_HTTP_DATE_SIZE], range[80];
  snprintf(etag, sizeof etag, "\"%lx-%lx-%lx\"", (long)status->st_ino, (long)status->st_size,
           (long)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec);
  flux_http_document document = {etag, status->st_mtime, (uint64_t)status->st_size};
  uint64_t first, length;
  int code = flux_http_select(request, &document, &first, &length);
  flux_http_set(request, "ETag", etag);
  flux_http_set(request, "Last-Modified", flux_http_date(status->st_mtime, modified));
  flux_http_set(request, "Accept-Ranges", "bytes");
  snprintf(range, sizeof range, code == 416 ? "bytes */%llu" : "bytes %llu-%llu/%llu",
           (unsigned long long)(code == 416 ? document.size : first), (unsigned long long)(first + length - 1),
           (unsigned long long)document.size);
  if (code == 206 || code == 416)
    flux_http_set(request, "Content-Range", range);
  return flux_http_reply_file(request, code, flux_http_media_type(name), file, first, length);
}

int Send(Send_in *in) {
  char name[4096];
  const char *path = flux_http_path(in->request, NULL);
  size_t length = strlen(path);
  snprintf(name, sizeof name, "%s%s", path + 1, path[length - 1] == '/' ? "index.html" : "");
  int file = openBelow(*name ? name : ".");
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0)
    return errno;
  if (S_ISREG(status.st_mode))
    return sendFile(in->request, name, file, &status);
  close(file);
  return S_ISDIR(status.st_mode) ? redirect(in->request, path) : ENOENT;
}

void Fail(Serve_in *in, int error) {
  int code = error == EOPNOTSUPP                                            ? 405
             : error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG ? 404
             : error == EACCES || error == EXDEV || error == ELOOP          ? 403
             : error == EMFILE || error == ENFILE || error == ENOMEM        ? 503
                                                                            : 500;
  char text[32];
  if (code == 405)
    flux_http_set(in->request, "Allow", "GET, HEAD");
  int length = snprintf(text, sizeof text, "%d\n", code);
  flux_http_reply(in->request, code, "text/plain", text, (size_t)length);
}
