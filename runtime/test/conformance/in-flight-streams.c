#include "in-flight-streams.flux.h"
#include "slow_server.h"

SHARED({ int next, done; });

int flux_init(int argc, char **argv) {
  startSlowServer(argc, argv, "first line\nsecond line\n");
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < slow.clients ? 0 : FLUX_STOP; }

int Connect(Connect_in *in, Connect_out *out) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)slow.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  out->n = in->n;
  out->socket = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(out->socket >= 0 && connect(out->socket, (struct sockaddr *)&address, sizeof address) == 0);
  return 0;
}

int ReadLines(ReadLines_in *in) {
  char line[100], number[20];
  FILE *stream = fdopen(in->socket, "r+");
  CHECK(stream && fileno(stream) == in->socket);
  CHECK(fprintf(stream, "%d\n", in->n) > 0 && fflush(stream) == 0);
  CHECK(fgets(line, sizeof line, stream) && strcmp(line, "first line\n") == 0);
  CHECK(fscanf(stream, "%19s", number) == 1 && strcmp(number, "second") == 0);
  CHECK(fgets(line, sizeof line, stream) && strcmp(line, " line\n") == 0);
  CHECK(!fgets(line, sizeof line, stream) && feof(stream) && !ferror(stream));
  CHECK(fclose(stream) == 0);
  ADD(shared->done, 1);
  return 0;
}

void flux_shutdown(void) {
  joinSlowServer();
  CHECK(READ(shared->done) == slow.clients);
}
