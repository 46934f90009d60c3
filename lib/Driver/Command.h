//===- Command.h - Runs other programs ----------------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_DRIVER_COMMAND_H
#define FLUX_LIB_DRIVER_COMMAND_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Program.h"
#include <optional>
#include <string>
#include <vector>

namespace flux {

/// A program with its arguments, started and waited for.
class Command {
public:
  /// `arguments` begins with the program, a path or a name that is searched in PATH. What a quiet command, and what
  /// there is to report of it, says to nobody.
  explicit Command(std::vector<std::string> arguments, bool isQuiet = false)
      : arguments(std::move(arguments)), isQuiet(isQuiet) {}

  /// Starts it without waiting; its output goes to this process's. Failure is reported on standard error.
  bool start();
  /// Waits for a started command and returns whether it succeeded, again, if it is asked again. One that has said
  /// nothing itself is reported.
  bool wait();

  /// Runs it and returns what it writes to standard output; an empty string if it fails.
  std::string output();

  /// The command as one would type it.
  std::string str() const;

private:
  bool fail(const llvm::Twine &message) const;

  std::vector<std::string> arguments;
  bool isQuiet;
  llvm::sys::ProcessInfo process;
  std::optional<bool> succeeded; ///< once it has been waited for
};

} // namespace flux

#endif // FLUX_LIB_DRIVER_COMMAND_H
