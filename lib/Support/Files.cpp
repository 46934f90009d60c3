//===- Files.cpp - Files that users name ------------------------------------------------------------------------===//

#include "flux/Support/Files.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using llvm::StringRef;
using llvm::Twine;
namespace fs = llvm::sys::fs;

//===-------------------------------------------------------------------------------------------------------------===//
// Reading
//===-------------------------------------------------------------------------------------------------------------===//

static std::string tooLarge() { return "it is larger than " + std::to_string(flux::maxInputBytes >> 20) + " MB"; }

/// What keeps an open file from being read as a whole; empty if nothing does.
static std::string whyNoText(const struct stat &status) {
  if (S_ISDIR(status.st_mode))
    return "it is a directory";
  if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode))
    return "it is a pipe; what comes through one is read from standard input, '-'";
  if (!S_ISREG(status.st_mode))
    return "it is a device";
  return uint64_t(status.st_size) > flux::maxInputBytes ? tooLarge() : "";
}

static std::unique_ptr<llvm::MemoryBuffer> refuse(StringRef name, const Twine &reason, std::string &error) {
  error = ("cannot read '" + name + "': " + reason).str();
  return nullptr;
}

/// All of standard input, which may be of any kind.
static std::unique_ptr<llvm::MemoryBuffer> readStandardInput(std::string &error) {
  constexpr size_t step = 1 << 16;
  llvm::SmallString<step> text;
  for (size_t size = 0; size <= flux::maxInputBytes;) {
    text.resize_for_overwrite(size + step);
    ssize_t got = llvm::sys::RetryAfterSignal(-1, ::read, STDIN_FILENO, text.data() + size, step);
    if (got < 0)
      return refuse("-", llvm::sys::StrError(), error);
    size += got;
    if (got == 0)
      return llvm::MemoryBuffer::getMemBufferCopy(StringRef(text.data(), size), "<stdin>");
  }
  return refuse("-", tooLarge(), error);
}

std::unique_ptr<llvm::MemoryBuffer> flux::readFile(StringRef name, std::string &error) {
  if (name == "-")
    return readStandardInput(error);
  // What it is, is asked of the open file: by its name, it could be another by then.
  int file = llvm::sys::RetryAfterSignal(-1, ::open, name.str().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0)
    return refuse(name, llvm::sys::StrError(), error);
  struct stat status;
  std::string reason = ::fstat(file, &status) == 0 ? whyNoText(status) : llvm::sys::StrError();
  std::unique_ptr<llvm::MemoryBuffer> result;
  if (reason.empty()) {
    auto buffer = llvm::MemoryBuffer::getOpenFile(file, name, status.st_size);
    if (buffer)
      result = std::move(*buffer);
    else
      reason = buffer.getError().message();
  }
  ::close(file);
  return result ? std::move(result) : refuse(name, reason, error);
}

std::string flux::whyUnreadable(StringRef name) {
  struct stat status;
  if (::stat(name.str().c_str(), &status) != 0)
    return "";
  if (std::string reason = whyNoText(status); !reason.empty())
    return reason;
  return ::access(name.str().c_str(), R_OK) == 0 ? "" : llvm::sys::StrError();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Writing
//===-------------------------------------------------------------------------------------------------------------===//

/// Writes `contents` to an open file and takes note of an error rather than end the process with it.
static std::error_code write(int file, bool closes, StringRef contents) {
  // A file at its limit of size is a full disk, not a reason to crash.
  auto before = ::signal(SIGXFSZ, SIG_IGN);
  llvm::raw_fd_ostream os(file, closes, /*unbuffered=*/true);
  os << contents;
  os.flush();
  std::error_code error = os.error();
  os.clear_error();
  ::signal(SIGXFSZ, before);
  return error;
}

/// Writes to whatever is there.
static std::error_code writeInPlace(StringRef name, StringRef contents) {
  int file;
  if (std::error_code error = fs::openFileForWrite(name, file))
    return error;
  return write(file, /*closes=*/true, contents);
}

/// Writes a file of another name in the same directory, which then takes the place of `name`.
static std::error_code writeAndRename(StringRef name, std::optional<fs::perms> permissions, StringRef contents) {
  llvm::SmallString<128> model = llvm::sys::path::parent_path(name);
  llvm::sys::path::append(model, ".flux-%%%%%%%%.tmp");
  llvm::Expected<fs::TempFile> file = fs::TempFile::create(model);
  if (!file)
    return llvm::errorToErrorCode(file.takeError());
  std::error_code error = write(file->FD, /*closes=*/false, contents);
  if (!error && permissions)
    error = fs::setPermissions(file->TmpName, *permissions);
  if (error) {
    llvm::consumeError(file->discard());
    return error;
  }
  return llvm::errorToErrorCode(file->keep(name));
}

std::string flux::writeFile(StringRef name, StringRef contents) {
  if (name == "-") {
    llvm::outs() << contents;
    return flushStandardOutput();
  }
  fs::file_status status;
  bool exists = !fs::status(name, status);
  // A link keeps leading to what it leads to.
  llvm::SmallString<128> path = name;
  if (exists)
    fs::real_path(name, path);
  std::error_code error;
  if (exists && status.type() != fs::file_type::regular_file) {
    error = writeInPlace(name, contents);
  } else {
    error = writeAndRename(path, exists ? std::optional(status.permissions()) : std::nullopt, contents);
    // A user may be allowed to write the file, and not to make others beside it.
    if (exists && (error == std::errc::permission_denied || error == std::errc::read_only_file_system))
      error = writeInPlace(name, contents);
  }
  return error ? ("cannot write '" + name + "': " + error.message()).str() : "";
}

std::string flux::flushStandardOutput() {
  llvm::raw_fd_ostream &os = llvm::outs();
  os.flush();
  std::error_code error = os.error();
  os.clear_error();
  return error ? "cannot write standard output: " + error.message() : "";
}
