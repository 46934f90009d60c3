/// timers.cpp - setting a time-out and cancelling it again, while others are set, beside the standard library's tree.
#include "poll/timers.h"

#include <benchmark/benchmark.h>

#include <random>
#include <set>
#include <vector>

using namespace flux;

namespace {

void fluxTimers(benchmark::State &state) {
  std::mt19937_64 random(1);
  Timers timers;
  std::vector<Timer> all(static_cast<size_t>(state.range(0)));
  for (Timer &timer : all)
    timers.add(timer, random() % 1000000);
  size_t next = 0;
  for (auto _ : state) {
    Timer &timer = all[next++ % all.size()];
    timers.remove(timer);
    timers.add(timer, random() % 1000000);
  }
}
BENCHMARK(fluxTimers)->Name("timer_reset/flux")->Arg(100)->Arg(10000);

void setTimers(benchmark::State &state) {
  std::mt19937_64 random(1);
  std::multiset<uint64_t> timers;
  std::vector<std::multiset<uint64_t>::iterator> all(static_cast<size_t>(state.range(0)));
  for (auto &timer : all)
    timer = timers.insert(random() % 1000000);
  size_t next = 0;
  for (auto _ : state) {
    auto &timer = all[next++ % all.size()];
    timers.erase(timer);
    timer = timers.insert(random() % 1000000);
  }
}
BENCHMARK(setTimers)->Name("timer_reset/std_multiset")->Arg(100)->Arg(10000);

} // namespace
