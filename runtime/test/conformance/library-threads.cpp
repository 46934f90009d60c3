#include "check.h"
#include "library-threads.flux.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

enum { kFlows = 200, kThreads = 3 };
static int next, ended;

/// The program's own threads, which work for its flows.
class ThreadPool {
public:
  void start() {
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([this] { work(); });
  }
  void stop() {
    {
      std::lock_guard<std::mutex> lock(mutex);
      stopping = true;
    }
    filled.notify_all();
    for (std::thread &thread : threads)
      thread.join();
  }
  std::future<int> submit(std::function<int()> task) {
    std::packaged_task<int()> packaged(std::move(task));
    std::future<int> result = packaged.get_future();
    std::lock_guard<std::mutex> lock(mutex);
    tasks.push_back(std::move(packaged));
    filled.notify_one();
    return result;
  }

private:
  void work() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex);
      filled.wait(lock, [this] { return stopping || !tasks.empty(); });
      if (tasks.empty())
        return;
      std::packaged_task<int()> task = std::move(tasks.front());
      tasks.pop_front();
      lock.unlock();
      task();
    }
  }

  std::mutex mutex;
  std::condition_variable filled;
  std::deque<std::packaged_task<int()>> tasks;
  std::vector<std::thread> threads;
  bool stopping = false;
};
static ThreadPool pool;
static std::once_flag once;

// Behind the fork, where a model has processes.
static void startPool() {
  usleep(1000);
  pool.start();
}

int Numbers(Numbers_out *out) { return (out->n = next++) < kFlows ? 0 : FLUX_STOP; }

int UsePool(UsePool_in *in, UsePool_out *out) {
  std::call_once(once, startPool);
  std::future<int> twice = pool.submit([n = in->n] {
    usleep(100);
    return 2 * n;
  });
  std::future<int> thrice = pool.submit([n = in->n] { return 3 * n; });
  CHECK(twice.get() == 2 * in->n);
  CHECK(thrice.get() == 3 * in->n);
  out->n = in->n;
  return 0;
}

int UseAsync(UseAsync_in *in, UseAsync_out *out) {
  out->n = in->n;
  if (in->n % 8 != 0)
    return 0;
  std::future<int> square = std::async(std::launch::async, [n = in->n] {
    usleep(500);
    return n * n;
  });
  CHECK(square.get() == in->n * in->n);
  return 0;
}

/// What flows share, by locks of several kinds.
static std::recursive_mutex recursive;
static std::shared_mutex shared_;
static std::timed_mutex timed;
static int counted, summed, last;

int Share(Share_in *in) {
  {
    std::lock_guard<std::recursive_mutex> outer(recursive);
    const int before = counted;
    usleep(20);
    std::lock_guard<std::recursive_mutex> inner(recursive);
    counted = before + 1;
  }
  {
    std::unique_lock<std::shared_mutex> writing(shared_);
    const int before = summed;
    sched_yield();
    summed = before + in->n;
  }
  {
    std::shared_lock<std::shared_mutex> reading(shared_);
    const int before = summed;
    usleep(20);
    CHECK(summed == before);
  }
  CHECK(timed.try_lock_for(std::chrono::seconds(60)));
  last = in->n;
  sched_yield();
  CHECK(last == in->n);
  timed.unlock();
  ADD(ended, 1);
  return 0;
}

void flux_shutdown(void) {
  pool.stop();
  CHECK(READ(ended) == kFlows);
  CHECK(counted == kFlows);
  CHECK(summed == kFlows * (kFlows - 1) / 2);
}
