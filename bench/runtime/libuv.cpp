/// libuv.cpp - libuv's timers, wake-ups from another thread, and a socket echoed, doing what Flux does in fibers.cpp
/// and timers.cpp.
#include <benchmark/benchmark.h>

#include <atomic>
#include <deque>
#include <random>
#include <stdlib.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <uv.h>

namespace {

/// A loop; declared behind its handles, which it closes.
class UvLoop {
public:
  UvLoop() { uv_loop_init(&loop); }
  ~UvLoop() {
    uv_walk(&loop, [](uv_handle_t *handle, void *) { uv_close(handle, nullptr); }, nullptr);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
  }
  uv_loop_t loop;
};

void uvTimers(benchmark::State &state) {
  std::mt19937_64 random(1);
  std::deque<uv_timer_t> all(static_cast<size_t>(state.range(0)));
  UvLoop uv;
  for (uv_timer_t &timer : all) {
    uv_timer_init(&uv.loop, &timer);
    uv_timer_start(&timer, [](uv_timer_t *) {}, random() % 1000000, 0);
  }
  size_t next = 0;
  for (auto _ : state) {
    uv_timer_t &timer = all[next++ % all.size()];
    uv_timer_stop(&timer);
    uv_timer_start(&timer, [](uv_timer_t *) {}, random() % 1000000, 0);
  }
}
BENCHMARK(uvTimers)->Name("timer_reset/libuv")->Arg(100)->Arg(10000);

/// Wakes a loop that sleeps on another thread, and waits until it has answered.
void uvWake(benchmark::State &state) {
  static std::atomic<uint64_t> answered;
  answered = 0;
  uv_async_t wake;
  UvLoop uv;
  static std::atomic<bool> over;
  over = false;
  uv_async_init(&uv.loop, &wake, [](uv_async_t *handle) {
    answered.fetch_add(1, std::memory_order_release);
    if (over)
      uv_stop(handle->loop);
  });
  std::thread sleeper([&] { uv_run(&uv.loop, UV_RUN_DEFAULT); });
  uint64_t asked = 0;
  for (auto _ : state) {
    ++asked;
    uv_async_send(&wake);
    while (answered.load(std::memory_order_acquire) < asked) {
    }
  }
  over = true;
  uv_async_send(&wake);
  sleeper.join();
}
BENCHMARK(uvWake)->Name("wake_from_a_thread/libuv")->UseRealTime();

/// One side of a socket pair that libuv reads and answers, or asks again, byte by byte.
struct UvEnd {
  uv_pipe_t pipe;
  char byte;
  benchmark::State *state; // of the side that asks
};

void writeByte(UvEnd &end) {
  uv_buf_t buffer = uv_buf_init(&end.byte, 1);
  // What libuv does first for uv_write(), without its request.
  if (uv_try_write(reinterpret_cast<uv_stream_t *>(&end.pipe), &buffer, 1) != 1)
    abort();
}

void onByte(uv_stream_t *stream, ssize_t count, const uv_buf_t *) {
  UvEnd &end = *static_cast<UvEnd *>(stream->data);
  if (count <= 0)
    return;
  if (end.state && !end.state->KeepRunning())
    uv_stop(stream->loop);
  else
    writeByte(end);
}

void uvEcho(benchmark::State &state) {
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
    abort();
  UvEnd ends[2];
  UvLoop uv;
  for (int i = 0; i < 2; ++i) {
    uv_pipe_init(&uv.loop, &ends[i].pipe, 0);
    uv_pipe_open(&ends[i].pipe, sockets[i]);
    ends[i].byte = 'x';
    ends[i].pipe.data = &ends[i];
    ends[i].state = i == 0 ? &state : nullptr;
    uv_read_start(
        reinterpret_cast<uv_stream_t *>(&ends[i].pipe),
        [](uv_handle_t *handle, size_t, uv_buf_t *buffer) {
          *buffer = uv_buf_init(&static_cast<UvEnd *>(handle->data)->byte, 1);
        },
        onByte);
  }
  if (state.KeepRunning())
    writeByte(ends[0]);
  uv_run(&uv.loop, UV_RUN_DEFAULT);
}
BENCHMARK(uvEcho)->Name("socket_echo/libuv")->UseRealTime();

} // namespace
