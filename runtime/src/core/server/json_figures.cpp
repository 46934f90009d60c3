#include "core/server/json_figures.h"

#include <inttypes.h>

namespace flux {

JsonFigures::JsonFigures(FILE *out) : out(out) { open('{'); }

void JsonFigures::finish() {
  end();
  fputc('\n', out);
}

void JsonFigures::text(const char *name, const char *value) {
  member(name);
  string(value);
}

void JsonFigures::flag(const char *name, bool value) {
  member(name);
  fputs(value ? "true" : "false", out);
}

void JsonFigures::number(const char *name, uint64_t value) {
  member(name);
  fprintf(out, "%" PRIu64, value);
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
    fputc(',', out);
  open('{');
}

void JsonFigures::end() {
  fputc(closing[--depth], out);
  isFirst = false;
}

/// Begins a member with its name.
void JsonFigures::member(const char *name) {
  if (!isFirst)
    fputc(',', out);
  isFirst = false;
  string(name);
  fputc(':', out);
}

void JsonFigures::open(char bracket) {
  fputc(bracket, out);
  closing[depth++] = bracket == '{' ? '}' : ']';
  isFirst = true;
}

void JsonFigures::string(const char *text) {
  fputc('"', out);
  for (; *text; ++text) {
    const auto c = static_cast<unsigned char>(*text);
    if (c == '"' || c == '\\')
      fprintf(out, "\\%c", c);
    else if (c < 0x20)
      fprintf(out, "\\u%04x", c);
    else
      fputc(c, out);
  }
  fputc('"', out);
}

} // namespace flux
