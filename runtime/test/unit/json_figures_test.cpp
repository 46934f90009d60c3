/// json_figures_test.cpp - figures as the snapshot writes them.
#include "core/server/json_figures.h"

#include <gtest/gtest.h>

#include <stdlib.h>
#include <string>

using namespace flux;

namespace {

/// What is written of the figures that `offer` offers.
std::string written(void (*offer)(Figures &figures)) {
  char *text = nullptr;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  JsonFigures json(out);
  offer(json);
  json.finish();
  fclose(out);
  std::string result(text, size);
  free(text);
  return result;
}

// Commas stand between members and items, at every depth, and nowhere else.
TEST(JsonFiguresTest, GroupsAndLists) {
  EXPECT_EQ(written([](Figures &) {}), "{}\n");
  EXPECT_EQ(
      written([](Figures &figures) {
        figures.beginGroup("empty");
        figures.end();
        figures.beginList("none");
        figures.end();
        figures.beginList("cores");
        for (uint64_t i = 0; i < 2; ++i) {
          figures.beginItem();
          figures.gauge("flows", i);
          figures.beginGroup("stack");
          figures.count("faults", UINT64_MAX);
          figures.end();
          figures.flag("idle", i == 0);
          figures.end();
        }
        figures.end();
        figures.text("name", "x");
      }),
      "{\"empty\":{},\"none\":[],\"cores\":[{\"flows\":0,\"stack\":{\"faults\":18446744073709551615},\"idle\":true},"
      "{\"flows\":1,\"stack\":{\"faults\":18446744073709551615},\"idle\":false}],\"name\":\"x\"}\n");
}

// A program may be called anything.
TEST(JsonFiguresTest, Texts) {
  EXPECT_EQ(written([](Figures &figures) { figures.text("a", "\"\\\n\x01\xc3\xa9"); }),
            "{\"a\":\"\\\"\\\\\\u000a\\u0001\xc3\xa9\"}\n");
}

} // namespace
