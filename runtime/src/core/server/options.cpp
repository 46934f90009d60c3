#include "core/server/options.h"

#include "core/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace flux {

CoreOptions coreOptions;

namespace {

constexpr char kPrefix[] = "--flux-";
constexpr size_t kPrefixLength = sizeof kPrefix - 1;
constexpr size_t kLongestName = 32;

const Option kCoreOptions[] = {
    {"drain-ms", "MS", "how long flows may still run after SIGTERM or SIGINT", &coreOptions.drainMs, 0, 86400000,
     nullptr},
    {"hang-ms", "MS", "report flows that have waited for each other for so long; 0: nothing", &coreOptions.hangMs, 0,
     86400000, nullptr},
    {"snapshot", "FILE", "where SIGUSR1 writes the counters instead of standard error", nullptr, 0, 0,
     &coreOptions.snapshotFile},
};

/// The options of the core and of one model, as one list.
class OptionTable {
public:
  explicit OptionTable(const Options &model) : model(model) {}

  size_t size() const { return kCore + model.count; }
  const Option &operator[](size_t i) const { return i < kCore ? kCoreOptions[i] : model.options[i - kCore]; }

  const Option *find(const char *name, size_t length) const {
    for (size_t i = 0; i < size(); ++i)
      if (strlen((*this)[i].name) == length && memcmp((*this)[i].name, name, length) == 0)
        return &(*this)[i];
    return nullptr;
  }

private:
  static constexpr size_t kCore = sizeof kCoreOptions / sizeof *kCoreOptions;
  const Options &model;
};

/// Writes the name of the option's variable: FLUX_DRAIN_MS for drain-ms.
void variableName(const Option &option, char (&name)[kLongestName + 8]) {
  snprintf(name, sizeof name, "FLUX_%s", option.name);
  for (char *c = name; *c; ++c)
    *c = *c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? static_cast<char>(*c - 'a' + 'A') : *c;
}

/// Reads a decimal number with an optional K, M or G behind it (powers of 1024).
bool parseNumber(const char *text, int64_t &value) {
  char *end;
  errno = 0;
  const long long number = strtoll(text, &end, 10);
  if (end == text || errno != 0)
    return false;
  int shift = 0;
  if (*end)
    shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : -1;
  if (shift < 0 || (*end && end[1]))
    return false;
  return !__builtin_mul_overflow(number, 1LL << shift, &value);
}

/// Whether `text` is one of `words`, which have bars between them.
bool isOneOf(const char *text, const char *words) {
  const size_t length = strlen(text);
  for (const char *word = words; word; word = strchr(word, '|')) {
    word += *word == '|';
    if (strcspn(word, "|") == length && memcmp(word, text, length) == 0)
      return true;
  }
  return false;
}

bool setText(const Option &option, const char *where, const char *text) {
  const bool isChoice = strchr(option.value, '|');
  if (isChoice ? isOneOf(text, option.value) : *text != 0) {
    *option.text = text;
    return true;
  }
  if (isChoice)
    logMessage("'%s' takes one of %s, but '%s' is given", where, option.value, text);
  else
    logMessage("'%s' takes a %s, but none is given", where, option.value);
  return false;
}

/// Sets the option; `where` is what the user wrote it as.
bool setOption(const Option &option, const char *where, const char *text) {
  if (option.text)
    return setText(option, where, text);
  int64_t value;
  if (parseNumber(text, value) && value >= option.min && value <= option.max) {
    *option.number = value;
    return true;
  }
  logMessage("'%s' takes a number from %lld to %lld, but '%s' is given", where, static_cast<long long>(option.min),
             static_cast<long long>(option.max), text);
  return false;
}

/// Counts the characters to insert, delete or replace to get from `a` (of length `n`) to `b`: Levenshtein's distance.
size_t editDistance(const char *a, size_t n, const char *b) {
  size_t row[kLongestName + 1];
  if (n > kLongestName)
    return n;
  for (size_t i = 0; i <= n; ++i)
    row[i] = i;
  for (size_t j = 1; b[j - 1]; ++j) {
    size_t diagonal = row[0];
    row[0] = j;
    for (size_t i = 1; i <= n; ++i) {
      size_t best = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[i];
      best = row[i] + 1 < best ? row[i] + 1 : best;
      row[i] = row[i - 1] + 1 < best ? row[i - 1] + 1 : best;
    }
  }
  return row[n];
}

void logUnknown(const OptionTable &table, const char *modelName, const char *argument, size_t nameLength) {
  constexpr size_t kNear = 4;
  const char *near = nullptr;
  size_t nearest = kNear;
  for (size_t i = 0; i < table.size(); ++i) {
    const size_t distance = editDistance(argument + kPrefixLength, nameLength, table[i].name);
    if (distance < nearest) {
      nearest = distance;
      near = table[i].name;
    }
  }
  const int length = static_cast<int>(kPrefixLength + nameLength);
  if (near)
    logMessage("unknown option '%.*s' for model '%s'; did you mean '--flux-%s'?", length, argument, modelName, near);
  else
    logMessage("unknown option '%.*s' for model '%s'; --flux-help lists those it has", length, argument, modelName);
}

bool readEnvironment(const OptionTable &table) {
  for (size_t i = 0; i < table.size(); ++i) {
    char name[kLongestName + 8];
    variableName(table[i], name);
    const char *value = getenv(name);
    // An empty variable is one that is not set.
    if (value && *value && !setOption(table[i], name, value))
      return false;
  }
  return true;
}

/// Prints an option and its text in two columns; the text begins on the next line if the option is long.
void printEntry(const char *option, const char *text) {
  constexpr size_t kWidth = 24;
  if (strlen(option) > kWidth) {
    printf("  %s\n", option);
    option = "";
  }
  printf("  %-*s %s\n", static_cast<int>(kWidth), option, text);
}

void printHelp(const OptionTable &table, const char *modelName) {
  printf("Options of the Flux runtime, model '%s'; a number may end in K, M or G:\n\n", modelName);
  for (size_t i = 0; i < table.size(); ++i) {
    const Option &option = table[i];
    char variable[kLongestName + 8], left[4 * kLongestName];
    variableName(option, variable);
    snprintf(left, sizeof left, "--flux-%s=%s", option.name, option.value);
    printEntry(left, option.help);
    if (option.number)
      printf("  %-24s (default %lld, variable %s)\n", "", static_cast<long long>(*option.number), variable);
    else
      printf("  %-24s (default %s, variable %s)\n", "", *option.text ? *option.text : "none", variable);
  }
  printEntry("--flux-help", "print this and exit");
}

/// Reads one `--flux-` argument.
OptionsResult readArgument(const OptionTable &table, const char *modelName, char *argument) {
  const char *name = argument + kPrefixLength;
  const char *equals = strchr(name, '=');
  const size_t length = equals ? static_cast<size_t>(equals - name) : strlen(name);
  if (!equals && strcmp(name, "help") == 0) {
    printHelp(table, modelName);
    return OptionsResult::Help;
  }
  const Option *option = table.find(name, length);
  if (!option) {
    logUnknown(table, modelName, argument, length);
    return OptionsResult::Error;
  }
  if (!equals) {
    logMessage("option '%s' takes a value: %s=%s", argument, argument, option->value);
    return OptionsResult::Error;
  }
  char where[kPrefixLength + kLongestName + 1];
  snprintf(where, sizeof where, "%.*s", static_cast<int>(kPrefixLength + length), argument);
  return setOption(*option, where, equals + 1) ? OptionsResult::Run : OptionsResult::Error;
}

} // namespace

OptionsResult readOptions(const char *modelName, const Options &model, int &argc, char **argv) {
  const OptionTable table(model);
  int kept = argc > 0 ? 1 : 0;
  int i = kept;
  // The help shows the defaults, so the environment is read after it is asked for.
  for (int j = i; j < argc && strcmp(argv[j], "--") != 0; ++j)
    if (strcmp(argv[j], "--flux-help") == 0)
      return readArgument(table, modelName, argv[j]);
  if (!readEnvironment(table))
    return OptionsResult::Error;
  for (; i < argc && strcmp(argv[i], "--") != 0; ++i) {
    if (strncmp(argv[i], kPrefix, kPrefixLength) != 0) {
      argv[kept++] = argv[i];
      continue;
    }
    const OptionsResult result = readArgument(table, modelName, argv[i]);
    if (result != OptionsResult::Run)
      return result;
  }
  while (i < argc)
    argv[kept++] = argv[i++];
  argc = kept;
  argv[argc] = nullptr;
  return OptionsResult::Run;
}

void offerOptions(const Options &model, Figures &figures) {
  const OptionTable table(model);
  for (size_t i = 0; i < table.size(); ++i) {
    const Option &option = table[i];
    if (option.number)
      figures.id(option.name, *option.number);
    else
      figures.text(option.name, *option.text ? *option.text : "");
  }
}

} // namespace flux
