#include "core/server/json_figures.h"

#include <inttypes.h>

namespace flux {

JsonFigures::JsonFigures(Text &out) : out(out) { open('{'); }

void JsonFigures::finish() {
  end();
  out.put('\n');
}

void JsonFigures::count(const char *name, uint64_t value) {
  member(name);
  out.add("%" PRIu64, value);
}

void JsonFigures::rate(const char *name, double perSecond) {
  member(name);
  // In two numbers, since a program may have set a locale with another decimal point.
  const auto thousandths = static_cast<uint64_t>(perSecond * 1000 + 0.5);
  out.add("%" PRIu64 ".%03u", thousandths / 1000, static_cast<unsigned>(thousandths % 1000));
}

void JsonFigures::histogram(const char *name, const Histogram &histogram) {
  beginGroup(name);
  count("count", histogram.count());
  count("mean", histogram.mean());
  count("p50", histogram.quantile(500));
  count("p99", histogram.quantile(990));
  count("max", histogram.max());
  end();
}

void JsonFigures::id(const char *name, int64_t number) {
  member(name);
  out.add("%" PRId64, number);
}

void JsonFigures::text(const char *name, const char *value) {
  member(name);
  string(value);
}

void JsonFigures::flag(const char *name, bool value) {
  member(name);
  out.add("%s", value ? "true" : "false");
}

void JsonFigures::beginGroup(const char *name) {
  member(name);
  open('{');
}

void JsonFigures::beginList(const char *name) {
  member(name);
  open('[');
}

void JsonFigures::beginItem() {
  if (!isFirst)
    out.put(',');
  beginLine();
  open('{');
}

void JsonFigures::end() {
  out.put(closing[--depth]);
  isFirst = false;
}

void JsonFigures::beginLine() {
  out.put('\n');
  for (unsigned i = 1; i < depth; ++i)
    out.put(' ');
}

/// Begins a member with its name.
void JsonFigures::member(const char *name) {
  if (!isFirst)
    out.put(',');
  if (depth == 1 && !isFirst)
    beginLine();
  isFirst = false;
  string(name);
  out.put(':');
}

void JsonFigures::open(char bracket) {
  out.put(bracket);
  closing[depth++] = bracket == '{' ? '}' : ']';
  isFirst = true;
}

void JsonFigures::string(const char *text) {
  out.put('"');
  for (; *text; ++text) {
    const auto c = static_cast<unsigned char>(*text);
    if (c == '"' || c == '\\')
      out.add("\\%c", c);
    else if (c < 0x20)
      out.add("\\u%04x", c);
    else
      out.put(static_cast<char>(c));
  }
  out.put('"');
}

} // namespace flux
