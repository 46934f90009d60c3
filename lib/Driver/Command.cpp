//===- Command.cpp - Runs other programs
//---------------------------------------------------------------------------===//

#include "Command.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace flux;

bool Command::start() {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(arguments.front());
  if (!program) {
    llvm::WithColor::error(llvm::errs(), "fluxc") << "cannot find '" << arguments.front() << "'\n";
    return false;
  }
  llvm::SmallVector<llvm::StringRef> refs(arguments.begin(), arguments.end());
  std::string message;
  bool failed = false;
  process = llvm::sys::ExecuteNoWait(*program, refs, std::nullopt, {}, 0, &message, &failed);
  if (failed)
    llvm::WithColor::error(llvm::errs(), "fluxc") << "cannot run '" << arguments.front() << "': " << message << "\n";
  return !failed;
}

bool Command::wait() {
  std::string message;
  llvm::sys::ProcessInfo ended = llvm::sys::Wait(process, std::nullopt, &message);
  if (ended.ReturnCode < 0)
    llvm::WithColor::error(llvm::errs(), "fluxc") << "'" << arguments.front() << "' died: " << message << "\n";
  return ended.ReturnCode == 0;
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
