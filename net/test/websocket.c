#include "websocket.flux.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static flux_net_server *web, *sockets;

/* Says why a socket has ended, on standard output, since its client may be gone. */
static void closed(flux_net_connection *client) {
  printf("closed %d after %d\n", flux_websocket_code(client), *(int *)flux_net_data(client));
  fflush(stdout);
}

/* ADDRESS, the milliseconds that a client may be silent, and those that a message may take. */
int flux_init(int argc, char **argv) {
  flux_http_options options = {.net = {.source = "NextRequest"}};
  flux_websocket_options ours = {.net = {.source = "NextMessage",
                                         .max_message = 1 << 20,
                                         .queue_bytes = 1 << 23,
                                         .data_size = sizeof(int),
                                         .idle_ms = argc > 2 ? atoi(argv[2]) : 100000,
                                         .message_ms = argc > 3 ? atoi(argv[3]) : 100000,
                                         .send_ms = 100000,
                                         .closed = closed}};
  web = flux_http_listen(argc > 1 ? argv[1] : "*:8080", &options);
  sockets = web ? flux_websocket_serve(web, &ours) : NULL;
  printf("%d\n", sockets ? flux_net_port(web) : 0);
  return sockets ? fflush(stdout) : 1;
}

int NextRequest(NextRequest_out *out) { return flux_http_next(web, &out->request); }

/* /socket is one, /greeting says something at once, /fail does not go well, others are pages. */
int Serve(Serve_in *in) {
  flux_http_request *request = in->request;
  const char *path = flux_http_path(request, NULL);
  if (!flux_websocket_asked(request) && strcmp(path, "/socket") != 0)
    return flux_http_reply(request, 200, "text/plain", "a page\n", 7);
  if (!flux_websocket_same_origin(request))
    return flux_http_reply(request, 403, NULL, NULL, 0);
  const char *protocol = flux_http_lists(request, "Sec-WebSocket-Protocol", "echo") ? "echo" : NULL;
  flux_http_set(request, "X-Path", path);
  if (strcmp(path, "/wrong") == 0)
    return flux_websocket_accept(request, web, NULL);
  const int error = flux_websocket_accept(request, sockets, strcmp(path, "/other") == 0 ? "other" : protocol);
  if (error)
    return error == EPROTO ? 0 : error;
  flux_net_connection *client = flux_http_connection(request);
  *(int *)flux_net_data(client) = 1000;
  if (strcmp(path, "/greeting") == 0)
    return flux_websocket_post(client, FLUX_WEBSOCKET_TEXT, path, strlen(path));
  return strcmp(path, "/fail") == 0 ? EIO : 0;
}

int NextMessage(NextMessage_out *out) {
  return flux_websocket_next(sockets, &out->client, &out->data, &out->length, &out->type);
}

int Answer(Answer_in *in) {
  flux_net_connection *client = in->client;
  ++*(int *)flux_net_data(client);
  if (strncmp(in->data, "close ", 6) == 0) {
    char *reason;
    const int code = strtol(in->data + 6, &reason, 10);
    const int error = flux_websocket_close(client, code, *reason ? reason + 1 : NULL);
    if (error == 0) /* nothing may follow */
      return flux_websocket_write(client, in->type, "more", 4) == ENOTCONN &&
                     flux_websocket_post(client, in->type, "more", 4) == ENOTCONN
                 ? 0
                 : EIO;
    return flux_websocket_write(client, in->type, "no such code", 12);
  }
  if (strcmp(in->data, "fail") == 0)
    return EIO;
  if (strcmp(in->data, "wrong") == 0)
    return flux_websocket_write(client, 9, "", 0) == EINVAL && flux_websocket_post(client, 0, "", 0) == EINVAL ? 0
                                                                                                               : EIO;
  if (strncmp(in->data, "post ", 5) == 0)
    return flux_websocket_post(client, in->type, in->data, in->length);
  if (strncmp(in->data, "send ", 5) == 0)
    return flux_websocket_send(flux_net_id_of(client), in->type, in->data, in->length);
  return flux_websocket_write(client, in->type, in->data, in->length);
}
