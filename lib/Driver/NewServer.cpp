//===- NewServer.cpp - Small servers to start from ----------------------------------------------------------------===//

#include "NewServer.h"
#include "flux/Support/Files.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace flux;
using llvm::StringRef;

namespace {

struct NewServer {
  StringRef kind, program, nodes; ///< without the line that includes the header
  StringRef use;                  ///< what to do while it runs
};

} // namespace

static constexpr NewServer newServers[] = {
    {"",
     R"(// Counts to three and greets each number.
Count () => (int number);
Greet (int number) => ();
Serve (int number) => ();

source Count => Serve;
Serve = Greet;
)",
     R"(#include <stdio.h>

static int next;

int Count(Count_out *out) {
  if (next == 3)
    return FLUX_STOP;
  out->number = ++next;
  return 0;
}

int Greet(Greet_in *in) {
  printf("hello, %d\n", in->number);
  return 0;
}
)",
     ""},
    {"echo",
     R"(// Sends every line back.
include "flux/net.h";

Next () => (flux_net_connection *client, char *line, size_t length);
Echo (flux_net_connection *client, char *line, size_t length) => ();

source Next => Echo;
)",
     R"(
static flux_net_server *server;

int flux_init(int argc, char **argv) {
  flux_net_options options = {.frame = FLUX_NET_LINE, .source = "Next"};
  server = flux_net_listen(argc > 1 ? argv[1] : "*:7000", &options);
  return server ? 0 : 1;
}

int Next(Next_out *out) { return flux_net_next(server, &out->client, &out->line, &out->length); }

int Echo(Echo_in *in) {
  in->line[in->length] = '\n'; /* in the place of the zero */
  return flux_net_write(in->client, in->line, in->length + 1);
}
)",
     "nc localhost 7000"},
    {"http",
     R"(// Greets whoever asks.
include "flux/http.h";

Next () => (flux_http_request *request);
Greet (flux_http_request *request) => ();

source Next => Greet;
)",
     R"(#include <stdio.h>

static flux_net_server *server;

int flux_init(int argc, char **argv) {
  flux_http_options options = {.net = {.source = "Next"}};
  server = flux_http_listen(argc > 1 ? argv[1] : "*:8080", &options);
  return server ? 0 : 1;
}

int Next(Next_out *out) { return flux_http_next(server, &out->request); }

int Greet(Greet_in *in) {
  char text[100];
  int length = snprintf(text, sizeof text, "hello, %.80s\n", flux_http_path(in->request, NULL) + 1);
  return flux_http_reply(in->request, 200, "text/plain; charset=utf-8", text, length);
}
)",
     "curl localhost:8080/world"},
    {"udp",
     R"(// Sends every datagram back.
include "flux/net.h";

Receive () => (flux_net_datagram *datagram, char *data, size_t length);
Echo (flux_net_datagram *datagram, char *data, size_t length) => ();

source Receive => Echo;
)",
     R"(
static flux_net_socket *sock;

int flux_init(int argc, char **argv) {
  sock = flux_net_bind(argc > 1 ? argv[1] : "*:7000");
  return sock ? 0 : 1;
}

int Receive(Receive_out *out) { return flux_net_receive(sock, &out->datagram, &out->data, &out->length); }

int Echo(Echo_in *in) { return flux_net_reply(in->datagram, in->data, in->length); }
)",
     "nc -u localhost 7000"},
};

/// Writes `text` to a file that must not exist yet. Returns an empty string, or what is wrong.
static std::string createFile(const std::string &name, StringRef text) {
  if (llvm::sys::fs::exists(name))
    return "cannot write '" + name + "': File exists";
  std::string error = writeFile(name, text);
  if (error.empty())
    llvm::outs() << "wrote " << name << "\n";
  return error;
}

std::string flux::writeNewServer(StringRef name, StringRef kind) {
  if (name.empty() || !llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; }) ||
      llvm::isDigit(name[0]))
    return ("'" + name + "' is no name for a server: letters, digits and _ only").str();
  const NewServer *server = llvm::find_if(newServers, [&](const NewServer &each) { return each.kind == kind; });
  if (server == std::end(newServers))
    return ("'fluxc init --net' knows echo, http and udp, and not '" + kind + "'").str();
  std::string error = createFile((name + ".flux").str(), server->program);
  if (error.empty())
    error = createFile((name + ".c").str(), ("#include \"" + name + ".flux.h\"\n" + server->nodes).str());
  if (!error.empty())
    return error;
  llvm::outs() << "build and run it:\n  fluxc " << name << ".flux " << name << ".c && ./" << name << "\n";
  if (!server->use.empty())
    llvm::outs() << "and talk to it:\n  " << server->use << "\n";
  return "";
}
