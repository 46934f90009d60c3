// table.h - a table of a settings file, each of whose keys has to be one that somebody asks for.
#ifndef WEB_SETTINGS_TABLE_H
#define WEB_SETTINGS_TABLE_H

#include "settings/keys.h"

// Else a destructor that calls what nobody knows belongs to an exception, which any node might catch: on event loops
// the cache would be locked where the compiler can drop its locks.
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace web {

/// A settings file that is being read.
struct Reading {
  std::string file;
  bool isRight = true;

  /// Prints "web: FILE:LINE:COLUMN: ..." and remembers that something is wrong.
  void complain(const toml::source_position &where, const std::string &what);

  /// What a file name in it stands for.
  std::string resolve(const std::string &name) const;
};

class Table {
public:
  Table(Reading &reading, const toml::table &table) : reading(reading), table(table) {}

  /// Sets what those of the keys say that are there.
  template <typename Owner> void read(const std::vector<Key<Owner>> &keys, Owner &owner) {
    for (const Key<Owner> &key : keys)
      if (const toml::node *node = find(key.name))
        std::visit([&](const auto &value) { set(value, key.name, *node, owner); }, key.value);
  }

  /// The value of a key, or null. From then on it is one that is known.
  const toml::node *find(const std::string &key);

  /// The tables of an array of them, none if there is no such key or it is none.
  std::vector<const toml::table *> tables(const char *key);

  /// The table that stands there; null if there is no such key or it is none.
  const toml::table *inner(const char *key);

  /// A string, or an array of strings.
  std::vector<std::string> strings(const char *key, const toml::node &node);

  /// Complains that the table has not got a key that it needs.
  void miss(const char *key, const char *what);

  /// Complains of all keys that nobody has asked for.
  void finish();

  /// Complains that the value is none that the key takes, which stands in `expected`.
  void refuse(const std::string &key, const toml::node &node, const std::string &expected);

private:
  template <typename Owner>
  void set(const Number<Owner> &number, const char *key, const toml::node &node, Owner &owner) {
    const auto *value = node.as_integer();
    if (value && value->get() >= number.low && value->get() <= number.high)
      owner.*number.member = value->get();
    else
      refuse(key, node, "a number from " + std::to_string(number.low) + " to " + std::to_string(number.high));
  }

  template <typename Owner> void set(const Text<Owner> &text, const char *key, const toml::node &node, Owner &owner) {
    if (const auto *value = node.as_string())
      owner.*text.member = value->get();
    else
      refuse(key, node, "a string");
  }

  template <typename Owner>
  void set(const Choice<Owner> &choice, const char *key, const toml::node &node, Owner &owner) {
    const auto *value = node.as_string();
    if (value && (value->get() == choice.one || value->get() == choice.other))
      owner.*choice.member = value->get();
    else
      refuse(key, node, std::string("'") + choice.one + "' or '" + choice.other + "'");
  }

  template <typename Owner> void set(const File<Owner> &file, const char *key, const toml::node &node, Owner &owner) {
    const auto *value = node.as_string();
    if (value && !value->get().empty())
      owner.*file.member = reading.resolve(value->get());
    else
      refuse(key, node, "the name of a file");
  }

  template <typename Owner> void set(const Path<Owner> &path, const char *key, const toml::node &node, Owner &owner) {
    const auto *value = node.as_string();
    if (value && !value->get().empty() && value->get()[0] == '/')
      owner.*path.member = value->get();
    else
      refuse(key, node, "a path that begins with a slash");
  }

  template <typename Owner> void set(const Flag<Owner> &flag, const char *key, const toml::node &node, Owner &owner) {
    if (const auto *value = node.as_boolean())
      owner.*flag.member = value->get();
    else
      refuse(key, node, "true or false");
  }

  template <typename Owner> void set(const List<Owner> &list, const char *key, const toml::node &node, Owner &owner) {
    (owner.*list.member) = strings(key, node);
  }

  Reading &reading;
  const toml::table &table;
  std::vector<std::string> known;
};

} // namespace web

#endif // WEB_SETTINGS_TABLE_H
