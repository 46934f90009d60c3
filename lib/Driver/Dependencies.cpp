//===- Dependencies.cpp - Of which files something is made, as make writes it -------------------------------------===//

#include "Dependencies.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace flux;
using llvm::StringRef;

std::vector<std::string> flux::readDependencies(StringRef rule) {
  std::vector<std::string> files;
  std::string file;
  auto end = [&] {
    if (!file.empty())
      files.push_back(std::move(file));
    file.clear();
  };
  for (size_t i = 0; i != rule.size(); ++i) {
    StringRef rest = rule.substr(i);
    if (rest.starts_with("\\\n")) {
      end();
      ++i;
    } else if (rest.starts_with("\\ ") || rest.starts_with("\\#") || rest.starts_with("$$")) {
      file += rule[++i];
    } else if (rest.starts_with(": ") && files.empty()) {
      file.clear(); // That was the target.
    } else if (llvm::isSpace(rule[i])) {
      end();
    } else {
      file += rule[i];
    }
  }
  end();
  return files;
}

/// The name as a rule has it.
static std::string escape(StringRef file) {
  std::string text;
  for (char c : file) {
    if (c == ' ' || c == '#')
      text += '\\';
    if (c == '$')
      text += '$';
    text += c;
  }
  return text;
}

std::string flux::writeDependencies(StringRef target, llvm::ArrayRef<std::string> files) {
  std::string rule = escape(target) + ":";
  llvm::StringSet<> written;
  for (const std::string &file : files)
    if (written.insert(file).second)
      rule += " \\\n  " + escape(file);
  return rule + "\n";
}
