//===- Sanitizers.cpp - Which runtime a server that is built with a sanitizer needs -----------------------------===//
//
// Most sanitizers put checks into what they compile, and ask nothing of the rest. Two want to see the runtime, too, and
// there is an archive for each. Some hold only if the whole program is theirs, or keep what the stack of a flow would
// have to bring along.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Sanitizers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include <vector>

using namespace flux;
using llvm::StringRef;

namespace {
struct Archive {
  StringRef flag, suffix;
  bool isClangs;
};
} // namespace

static constexpr Archive runtimes[] = {{"-fsanitize=thread", "-tsan", true}, {"-fsanitize=address", "-asan", false}};
static constexpr StringRef wholeProgram[] = {"dataflow",          "hwaddress", "kernel-address", "memory", "safe-stack",
                                             "shadow-call-stack", "type"};

SanitizedRuntime flux::findSanitizedRuntime(llvm::ArrayRef<std::string> flags) {
  std::vector<StringRef> asked;
  for (StringRef flag : flags) {
    bool isAsking = flag.consume_front("-fsanitize=");
    if (!isAsking && !flag.consume_front("-fno-sanitize="))
      continue;
    for (StringRef name : llvm::split(flag, ',')) {
      llvm::erase_if(asked, [=](StringRef other) { return other == name || (!isAsking && name == "all"); });
      if (isAsking)
        asked.push_back(name);
    }
  }
  SanitizedRuntime result;
  for (StringRef name : asked) {
    if (result.refused.empty() && llvm::is_contained(wholeProgram, name))
      result.refused = name.str();
    for (const Archive &archive : runtimes)
      if (archive.flag == ("-fsanitize=" + name).str()) {
        result.name = name.str();
        result.suffix = archive.suffix.str();
        result.isClangs = archive.isClangs;
      }
  }
  return result;
}
