// table.cpp - a table of a settings file.
#include "settings/table.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace web {

void Reading::complain(const toml::source_position &where, const std::string &what) {
  fprintf(stderr, "web: %s:%u:%u: %s\n", file.c_str(), static_cast<unsigned>(where.line),
          static_cast<unsigned>(where.column), what.c_str());
  isRight = false;
}

std::string Reading::resolve(const std::string &name) const {
  const size_t slash = file.rfind('/');
  return name.front() == '/' || slash == std::string::npos ? name : file.substr(0, slash + 1) + name;
}

const toml::node *Table::find(const char *key) {
  known.push_back(key);
  return table.get(key);
}

void Table::refuse(const char *key, const toml::node &node, const std::string &expected) {
  std::ostringstream found;
  if (node.is_table() || node.is_array())
    found << (node.is_table() ? "a table" : "an array");
  else
    node.visit([&found](const auto &value) { found << value; });
  reading.complain(node.source().begin, std::string(key) + " takes " + expected + ", but got " + found.str());
}

std::vector<std::string> Table::strings(const char *key, const toml::node &node) {
  if (const auto *one = node.as_string())
    return {one->get()};
  std::vector<std::string> all;
  const toml::array *array = node.as_array();
  if (!array)
    refuse(key, node, "a string or an array of strings");
  for (size_t i = 0; array && i < array->size(); ++i) {
    if (const auto *one = array->get(i)->as_string())
      all.push_back(one->get());
    else
      refuse(key, *array->get(i), "strings");
  }
  return all;
}

void Table::finish() {
  std::sort(known.begin(), known.end(), [](const char *a, const char *b) { return std::string_view(a) < b; });
  std::string expected;
  for (const char *key : known)
    expected.append(expected.empty() ? "" : ", ").append(key);
  for (const auto &[key, value] : table)
    if (std::find(known.begin(), known.end(), key.str()) == known.end())
      reading.complain(key.source().begin, "unknown key '" + std::string(key.str()) + "'; expected one of " + expected);
}

} // namespace web
