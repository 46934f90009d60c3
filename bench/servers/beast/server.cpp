/// server.cpp - what a C++ programmer writes with Boost: an asynchronous Beast server of static files, one thread.
///
///   server PORT DIRECTORY
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

namespace {

std::string directory;

/// One connection: reads a request, answers it, and again.
class Session : public std::enable_shared_from_this<Session> {
public:
  explicit Session(tcp::socket &&socket) : stream(std::move(socket)) {}

  void read() {
    request = {};
    http::async_read(stream, buffer, request, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error)
        self->answer();
    });
  }

private:
  void answer() {
    beast::error_code error;
    response = std::make_unique<http::response<http::file_body>>(http::status::ok, request.version());
    const std::string path = directory + std::string(request.target());
    if (path.find("..") == std::string::npos)
      response->body().open(path.c_str(), beast::file_mode::scan, error);
    if (error || !response->body().is_open())
      return; // closes the connection
    response->keep_alive(request.keep_alive());
    response->prepare_payload();
    http::async_write(stream, *response, [self = shared_from_this()](beast::error_code failed, std::size_t) {
      if (!failed && self->response->keep_alive())
        self->read();
    });
  }

  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  http::request<http::empty_body> request;
  std::unique_ptr<http::response<http::file_body>> response;
};

void accept(tcp::acceptor &acceptor) {
  acceptor.async_accept([&acceptor](beast::error_code error, tcp::socket socket) {
    if (!error) {
      // NOLINTNEXTLINE(bugprone-unused-return-value): a socket that sends late still serves.
      socket.set_option(tcp::no_delay(true), error);
      std::make_shared<Session>(std::move(socket))->read();
    }
    accept(acceptor);
  });
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::cerr << "usage: server PORT DIRECTORY\n";
    return 2;
  }
  directory = argv[2];
  boost::asio::io_context context(1);
  const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
  tcp::acceptor acceptor(context, {boost::asio::ip::make_address("127.0.0.1"), port});
  accept(acceptor);
  context.run();
}
