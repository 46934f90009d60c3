/// fibers.cpp - switching, starting, parking, and waiting for a descriptor, beside Boost.Context and pthreads. What
/// Boost.Fiber and libuv do for the same stands in files of theirs.
#include "core/os/real.h"
#include "loop/loop.h"
#include "posix/interpose.h"

#include <benchmark/benchmark.h>
#include <boost/context/fiber.hpp>

#include <atomic>
#include <functional>
#include <pthread.h>
#include <semaphore.h>
#include <thread>

using namespace flux;

namespace {

/// Runs `body` as the first job of a loop, until it ends.
class OnLoop {
public:
  explicit OnLoop(Io io = Io::Epoll) {
    linkInterposedCalls();
    if (!loop.open(io, size_t{64} * 1024, 1024, [](void *) {}, nullptr))
      abort();
  }
  ~OnLoop() { loop.close(); }

  void run(std::function<void()> body) {
    auto whole = [&] {
      body();
      loop.quit();
    };
    post(whole);
    loop.run();
  }

  template <typename F> void post(F &job) {
    loop.post({[](void *function) { (*static_cast<F *>(function))(); }, &job});
  }

  Loop loop;
};

// To a fiber and back: two switches.
void fluxSwitch(benchmark::State &state) {
  struct Two {
    ThreadPlaces thread;
    Fiber own, *other;
  } two;
  adoptThread(two.own, two.thread);
  two.other = createFiber(
      mappedStacks, size_t{64} * 1024,
      [](void *argument) {
        auto &both = *static_cast<Two *>(argument);
        for (;;)
          switchFiber(*both.other, both.own);
      },
      &two);
  for (auto _ : state)
    switchFiber(two.own, *two.other);
  destroyFiber(mappedStacks, two.other);
}
BENCHMARK(fluxSwitch)->Name("switch_there_and_back/flux");

void boostSwitch(benchmark::State &state) {
  bool over = false;
  boost::context::fiber other([&](boost::context::fiber &&back) {
    while (!over)
      back = std::move(back).resume();
    return std::move(back);
  });
  for (auto _ : state)
    other = std::move(other).resume();
  over = true;
  other = std::move(other).resume();
}
BENCHMARK(boostSwitch)->Name("switch_there_and_back/boost_context");

void pthreadSwitch(benchmark::State &state) {
  sem_t there, back;
  sem_init(&there, 0, 0);
  sem_init(&back, 0, 0);
  std::atomic<bool> over{false};
  std::thread other([&] {
    while (sem_wait(&there), !over)
      sem_post(&back);
  });
  for (auto _ : state) {
    sem_post(&there);
    sem_wait(&back);
  }
  over = true;
  sem_post(&there);
  other.join();
  sem_destroy(&there);
  sem_destroy(&back);
}
BENCHMARK(pthreadSwitch)->Name("switch_there_and_back/pthread_semaphores")->UseRealTime();

// Something that does not block: 64 of them queued, then run.
void fluxSpawn(benchmark::State &state) {
  OnLoop on;
  uint64_t ran = 0;
  auto job = [&ran] { ++ran; };
  on.run([&] {
    while (state.KeepRunningBatch(64)) {
      for (int i = 0; i < 64; ++i)
        on.post(job);
      on.loop.yield();
    }
  });
  benchmark::DoNotOptimize(ran);
}
BENCHMARK(fluxSpawn)->Name("spawn/flux_job");

void boostSpawn(benchmark::State &state) {
  uint64_t ran = 0;
  for (auto _ : state)
    boost::context::fiber([&ran](boost::context::fiber &&back) {
      ++ran;
      return std::move(back);
    }).resume();
  benchmark::DoNotOptimize(ran);
}
BENCHMARK(boostSpawn)->Name("spawn/boost_context_fiber");

void pthreadSpawn(benchmark::State &state) {
  for (auto _ : state) {
    pthread_t thread;
    pthread_create(&thread, nullptr, [](void *argument) { return argument; }, nullptr);
    pthread_join(thread, nullptr);
  }
}
BENCHMARK(pthreadSpawn)->Name("spawn/pthread")->UseRealTime();

// A job that gives way to another: two switches for each round, through the queue.
void fluxYield(benchmark::State &state) {
  OnLoop on;
  bool over = false;
  auto other = [&] {
    while (!over)
      on.loop.yield();
  };
  on.run([&] {
    on.post(other);
    for (auto _ : state)
      on.loop.yield();
    over = true;
  });
}
BENCHMARK(fluxYield)->Name("yield_to_another/flux_fibers");

// Something that blocks once, and is woken: a fiber is taken for it and given back.
void fluxSpawnParked(benchmark::State &state) {
  OnLoop on;
  Fiber *parked = nullptr;
  auto job = [&] {
    parked = &on.loop.fiber();
    on.loop.park();
  };
  on.run([&] {
    for (auto _ : state) {
      parked = nullptr;
      on.post(job);
      while (!parked)
        on.loop.yield();
      on.loop.permit(*parked);
      on.loop.yield();
    }
  });
}
BENCHMARK(fluxSpawnParked)->Name("spawn_park_permit/flux_job");

// Two jobs that wake each other and park.
void fluxPark(benchmark::State &state) {
  OnLoop on;
  bool over = false;
  Fiber *first = nullptr, *second = nullptr;
  auto other = [&] {
    second = &on.loop.fiber();
    while (!over) {
      on.loop.park();
      on.loop.permit(*first);
    }
  };
  on.run([&] {
    first = &on.loop.fiber();
    on.post(other);
    while (!second)
      on.loop.yield();
    for (auto _ : state) {
      on.loop.permit(*second);
      on.loop.park();
    }
    over = true;
    on.loop.permit(*second);
    on.loop.park();
  });
}
BENCHMARK(fluxPark)->Name("wake_and_wait/flux_fibers");

/// Sends a byte to somebody who sends it back, over socket pairs.
struct Echo {
  Echo() {
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
      abort();
  }
  ~Echo() {
    close(ends[0]);
    close(ends[1]);
  }
  void answer() {
    char byte;
    while (read(ends[1], &byte, 1) == 1 && byte != 'q')
      benchmark::DoNotOptimize(write(ends[1], &byte, 1));
  }
  void ask(char byte) {
    benchmark::DoNotOptimize(write(ends[0], &byte, 1));
    if (byte != 'q')
      benchmark::DoNotOptimize(read(ends[0], &byte, 1));
  }
  int ends[2];
};

void fluxEcho(benchmark::State &state, Io io) {
  OnLoop on(io);
  Echo echo;
  auto other = [&] { echo.answer(); };
  on.run([&] {
    on.post(other);
    for (auto _ : state)
      echo.ask('x');
    echo.ask('q');
    on.loop.yield();
  });
}
BENCHMARK_CAPTURE(fluxEcho, epoll, Io::Epoll)->Name("socket_echo/flux_epoll")->UseRealTime();
BENCHMARK_CAPTURE(fluxEcho, ring, Io::Ring)->Name("socket_echo/flux_io_uring")->UseRealTime();

// Wakes a loop that sleeps on another thread, and waits until it has answered.
void fluxWake(benchmark::State &state, Io io) {
  OnLoop on(io);
  std::atomic<Fiber *> parked{nullptr};
  std::atomic<uint64_t> answered{0};
  std::atomic<bool> over{false};
  std::thread sleeper([&] {
    on.run([&] {
      parked = &on.loop.fiber();
      while (!over) {
        on.loop.park();
        answered.fetch_add(1, std::memory_order_release);
      }
    });
  });
  while (!parked) {
  }
  uint64_t asked = 0;
  for (auto _ : state) {
    ++asked;
    on.loop.permitFromElsewhere(*parked);
    while (answered.load(std::memory_order_acquire) < asked) {
    }
  }
  over = true;
  on.loop.permitFromElsewhere(*parked);
  sleeper.join();
}
BENCHMARK_CAPTURE(fluxWake, epoll, Io::Epoll)->Name("wake_from_a_thread/flux_epoll")->UseRealTime();
BENCHMARK_CAPTURE(fluxWake, ring, Io::Ring)->Name("wake_from_a_thread/flux_io_uring")->UseRealTime();

void pthreadEcho(benchmark::State &state) {
  Echo echo;
  std::thread other([&] { echo.answer(); });
  for (auto _ : state)
    echo.ask('x');
  echo.ask('q');
  other.join();
}
BENCHMARK(pthreadEcho)->Name("socket_echo/pthreads")->UseRealTime();

} // namespace
