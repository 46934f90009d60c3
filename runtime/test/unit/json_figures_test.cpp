/// json_figures_test.cpp - figures as the snapshot writes them.
#include "core/server/json_figures.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

using namespace flux;

namespace {

/// What is written of the figures that `offer` offers.
std::string written(void (*offer)(Figures &figures)) {
  char buffer[4096];
  Text out(buffer, sizeof buffer);
  JsonFigures json(out);
  offer(json);
  json.finish();
  return buffer;
}

// Commas stand between members and items, at every depth, and nowhere else. The members of the whole and the items of
// lists have lines of their own.
TEST(JsonFiguresTest, GroupsAndLists) {
  EXPECT_EQ(written([](Figures &) {}), "{}\n");
  EXPECT_EQ(written([](Figures &figures) {
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
            R"({"empty":{},
"none":[],
"cores":[
 {"flows":0,"stack":{"faults":18446744073709551615},"idle":true},
 {"flows":1,"stack":{"faults":18446744073709551615},"idle":false}],
"name":"x"}
)");
}

// Numbers of every kind; of a rate three digits behind the point, whatever the locale.
TEST(JsonFiguresTest, Numbers) {
  EXPECT_EQ(written([](Figures &figures) {
              figures.id("session", INT64_MIN);
              figures.rate("per_second", 1234.5678);
              figures.rate("never", 0);
            }),
            "{\"session\":-9223372036854775808,\n\"per_second\":1234.568,\n\"never\":0.000}\n");
}

// Of a histogram what people ask for.
TEST(JsonFiguresTest, Histograms) {
  EXPECT_EQ(written([](Figures &figures) {
              const auto times = std::make_unique<Histogram>();
              for (uint64_t value = 1; value <= 20; ++value)
                times->record(value);
              figures.histogram("times_ns", *times);
            }),
            "{\"times_ns\":{\"count\":20,\"mean\":10,\"p50\":10,\"p99\":20,\"max\":20}}\n");
}

// A program may be called anything.
TEST(JsonFiguresTest, Texts) {
  EXPECT_EQ(written([](Figures &figures) { figures.text("a", "\"\\\n\x01\xc3\xa9"); }),
            "{\"a\":\"\\\"\\\\\\u000a\\u0001\xc3\xa9\"}\n");
}

} // namespace
