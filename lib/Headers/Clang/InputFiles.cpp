//===- InputFiles.cpp - The files that clang may read -----------------------------------------------------------===//
//
// clang opens whatever a header includes, by whatever name the preprocessor makes of it, and reads it to its end. Here
// it gets an error instead, which it reports at the include. A search of the headers for such includes beforehand would
// have to know all that a preprocessor knows.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "InputFiles.h"
#include "flux/Support/Files.h"

using llvm::Twine;
namespace fs = llvm::sys::fs;
namespace vfs = llvm::vfs;

namespace {

/// Errors by the kind of the file.
class KindErrors : public std::error_category {
public:
  const char *name() const noexcept override { return "flux-input-files"; }

  std::string message(int kind) const override {
    switch (fs::file_type(kind)) {
    case fs::file_type::fifo_file:
    case fs::file_type::socket_file:
      return "it is a pipe";
    case fs::file_type::regular_file:
      return "it is larger than " + std::to_string(flux::maxInputBytes >> 20) + " MB";
    default:
      return "it is a device";
    }
  }
};

class InputFiles : public vfs::ProxyFileSystem {
public:
  InputFiles() : ProxyFileSystem(vfs::getRealFileSystem()) {}

  llvm::ErrorOr<std::unique_ptr<vfs::File>> openFileForRead(const Twine &path) override {
    static const KindErrors errors;
    if (auto status = ProxyFileSystem::status(path)) {
      fs::file_type kind = status->getType();
      // clang passes directories by: another may have a file of that name.
      bool isText = kind == fs::file_type::regular_file && status->getSize() <= flux::maxInputBytes;
      if (!isText && kind != fs::file_type::directory_file)
        return std::error_code(int(kind), errors);
    }
    return ProxyFileSystem::openFileForRead(path);
  }
};

} // namespace

llvm::IntrusiveRefCntPtr<vfs::FileSystem> flux::inputFiles() { return llvm::makeIntrusiveRefCnt<InputFiles>(); }
