//===- Command.cpp - Runs other programs -------------------------------------------------------------------------===//

#include "Command.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace flux;

bool Command::fail(const llvm::Twine &message) const {
  if (!isQuiet)
    llvm::WithColor::error(llvm::errs(), "fluxc") << message << "\n";
  return false;
}

bool Command::start() {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(arguments.front());
  if (!program)
    return fail("cannot find '" + arguments.front() + "'");
  llvm::SmallVector<llvm::StringRef> refs(arguments.begin(), arguments.end());
  // An empty name stands for /dev/null.
  const std::optional<llvm::StringRef> quietly[] = {std::nullopt, "", ""};
  std::string message;
  bool failed = false;
  process = llvm::sys::ExecuteNoWait(
      *program, refs, std::nullopt,
      isQuiet ? llvm::ArrayRef(quietly) : llvm::ArrayRef<std::optional<llvm::StringRef>>(), 0, &message, &failed);
  return failed ? fail("cannot run '" + arguments.front() + "': " + message) : true;
}

bool Command::wait() {
  if (succeeded)
    return *succeeded;
  std::string message;
  llvm::sys::ProcessInfo ended = llvm::sys::Wait(process, std::nullopt, &message);
  if (ended.ReturnCode < 0)
    fail("'" + arguments.front() + "' died: " + message);
  succeeded = ended.ReturnCode == 0;
  return *succeeded;
}

std::string Command::output() {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(arguments.front());
  llvm::SmallString<128> file;
  if (!program || llvm::sys::fs::createTemporaryFile("fluxc", "txt", file))
    return "";
  llvm::FileRemover remover(file);
  llvm::SmallVector<llvm::StringRef> refs(arguments.begin(), arguments.end());
  const std::optional<llvm::StringRef> redirects[] = {"", file.str(), ""};
  if (llvm::sys::ExecuteAndWait(*program, refs, std::nullopt, redirects) != 0)
    return "";
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> text = llvm::MemoryBuffer::getFile(file);
  return text ? (*text)->getBuffer().str() : "";
}

std::string Command::str() const {
  std::string result;
  llvm::raw_string_ostream os(result);
  for (const std::string &argument : arguments) {
    if (&argument != &arguments.front())
      os << ' ';
    llvm::sys::printArg(os, argument, /*Quote=*/false);
  }
  return result;
}
