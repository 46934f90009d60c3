//===- RunServer.cpp - The language server of .flux files ---------------------------------------------------------===//

#include "flux/LSP/RunServer.h"
#include "Input.h"
#include "Server.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

using namespace flux::lsp;
using namespace llvm::lsp;
namespace cl = llvm::cl;

/// Serves until `exit` or the end of the input.
static int serve(JSONStreamStyle style, bool isPretty, std::vector<std::string> includeDirs) {
  JSONTransport *output = nullptr;
  Server *server = nullptr;
  auto refuse = [&](llvm::StringRef reason, ErrorCode code) {
    Logger::error("{0}", reason);
    output->reply(nullptr, llvm::make_error<LSPError>(reason.str(), code));
  };
  auto input = std::make_unique<Input>(stdin, style, refuse, [&] { server->settle(); });
  JSONTransport transport(std::move(input), llvm::outs(), isPretty);
  MessageHandler messages(transport);
  Server answers(messages, std::move(includeDirs));
  output = &transport;
  server = &answers;
  if (llvm::Error error = transport.run(messages)) {
    Logger::error("the editor is gone: {0}", error);
    llvm::consumeError(std::move(error));
    return EXIT_FAILURE;
  }
  return answers.isShutDown() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int flux::runLspServer(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::OptionCategory category("Options of flux-lsp-server");
  cl::list<std::string> includeDirs("I", cl::Prefix, cl::value_desc("directory"), cl::cat(category),
                                    cl::desc("search the directory for headers"));
  cl::opt<Logger::Level> logLevel("log", cl::desc("what is written to standard error"), cl::init(Logger::Level::Error),
                                  cl::cat(category),
                                  cl::values(clEnumValN(Logger::Level::Error, "error", "errors only"),
                                             clEnumValN(Logger::Level::Info, "info", "the messages' names, too"),
                                             clEnumValN(Logger::Level::Debug, "verbose", "whole messages, too")));
  cl::opt<bool> litTest("lit-test", cl::cat(category),
                        cl::desc("read messages between lines of '// -----' and indent the answers"));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "Flux language server\n");
  Logger::setLogLevel(logLevel);
  return serve(litTest ? JSONStreamStyle::Delimited : JSONStreamStyle::Standard, litTest, includeDirs);
}
