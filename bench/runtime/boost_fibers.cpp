/// boost_fibers.cpp - Boost.Fiber doing what the loop's jobs do in fibers.cpp.
#include <benchmark/benchmark.h>
#include <boost/fiber/all.hpp>

namespace fibers = boost::fibers;

namespace {

/// Two fibers that give way to each other: two switches for each round, through the scheduler.
void boostYield(benchmark::State &state) {
  bool over = false;
  fibers::fiber other(fibers::launch::dispatch, [&over] {
    while (!over)
      boost::this_fiber::yield();
  });
  for (auto _ : state)
    boost::this_fiber::yield();
  over = true;
  other.join();
}
BENCHMARK(boostYield)->Name("yield_to_another/boost_fiber");

void boostSpawn(benchmark::State &state) {
  uint64_t ran = 0;
  for (auto _ : state)
    fibers::fiber(fibers::launch::dispatch, [&ran] { ++ran; }).join();
  benchmark::DoNotOptimize(ran);
}
BENCHMARK(boostSpawn)->Name("spawn/boost_fiber");

/// A binary semaphore, as boost.fiber has it: a mutex and a condition.
class Permit {
public:
  void give() {
    std::unique_lock<fibers::mutex> lock(mutex);
    given = true;
    condition.notify_one();
  }
  void take() {
    std::unique_lock<fibers::mutex> lock(mutex);
    condition.wait(lock, [this] { return given; });
    given = false;
  }

private:
  fibers::mutex mutex;
  fibers::condition_variable condition;
  bool given = false;
};

void boostPark(benchmark::State &state) {
  Permit there, back;
  bool over = false;
  fibers::fiber other([&] {
    while (there.take(), !over)
      back.give();
  });
  for (auto _ : state) {
    there.give();
    back.take();
  }
  over = true;
  there.give();
  other.join();
}
BENCHMARK(boostPark)->Name("wake_and_wait/boost_fiber");

} // namespace
