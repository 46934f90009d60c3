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

const toml::node *Table::find(const std::string &key) {
  known.push_back(key);
  return table.get(key);
}

void Table::refuse(const std::string &key, const toml::node &node, const std::string &expected) {
  std::ostringstream found;
  if (node.is_table() || node.is_array())
    found << (node.is_table() ? "a table" : "an array");
  else
    node.visit([&found](const auto &value) { found << value; });
  reading.complain(node.source().begin, key + " takes " + expected + ", but got " + found.str());
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

std::vector<const toml::table *> Table::tables(const char *key) {
  std::vector<const toml::table *> all;
  const toml::node *node = find(key);
  if (node && !node->is_array_of_tables())
    refuse(key, *node, "tables, each as [[" + std::string(key) + "]]");
  else if (node)
    for (const toml::node &each : *node->as_array())
      all.push_back(each.as_table());
  return all;
}

const toml::table *Table::inner(const char *key) {
  const toml::node *node = find(key);
  if (node && !node->is_table())
    refuse(key, *node, "a table");
  return node ? node->as_table() : nullptr;
}

void Table::miss(const char *key, const char *what) {
  reading.complain(table.source().begin, std::string(what) + " needs '" + key + "'");
}

void Table::finish() {
  std::sort(known.begin(), known.end());
  std::string expected;
  for (const std::string &key : known)
    expected.append(expected.empty() ? "" : ", ").append(key);
  for (const auto &[key, value] : table)
    if (std::find(known.begin(), known.end(), key.str()) == known.end())
      reading.complain(key.source().begin, "unknown key '" + std::string(key.str()) + "'; expected one of " + expected);
}

} // namespace web
