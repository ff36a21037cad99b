#include "mqtt/watched_socket.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <utility>

namespace bms::mqtt {

using Descriptor = boost::asio::posix::stream_descriptor;
using namespace std::chrono_literals;

namespace {

// From one look to the next while the library wants to write and does not.
constexpr auto pause_after_write = 50ms;

/// Numbers are given again; a socket keeps its own as long as any descriptor of it is open.
bool are_the_same(int one, int other) {
  struct stat first{}, second{};
  return fstat(one, &first) == 0 && fstat(other, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

}  // namespace

WatchedSocket::WatchedSocket(boost::asio::io_context& loop, Handlers handlers)
    : descriptor_(loop), handlers_(std::move(handlers)), pause_(loop) {}

void WatchedSocket::follow(std::optional<int> socket, bool wants_to_write) {
  if (descriptor_.is_open() && (!socket || !are_the_same(*socket, descriptor_.native_handle()))) {
    watch_.reset();
    pause_.cancel();
    descriptor_.close();
    input_awaited_ = output_awaited_ = written_ = false;
  }
  if (!socket) return;
  if (!descriptor_.is_open()) {
    const int copy = fcntl(*socket, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return;  // none is left; the library's own signs of life end the connection then
    descriptor_.assign(copy);
    watch_ = std::make_shared<bool>();
  }
  watch_input();
  if (wants_to_write)
    watch_output();
  else
    pause_.cancel();
}

void WatchedSocket::watch_input() {
  if (input_awaited_) return;
  input_awaited_ = true;
  descriptor_.async_wait(Descriptor::wait_read,
                         [this, watch = std::weak_ptr(watch_)](const boost::system::error_code& cancelled) {
                           if (cancelled || watch.expired()) return;
                           input_awaited_ = false;
                           written_ = false;
                           handlers_.readable();
                         });
}

void WatchedSocket::watch_output() {
  if (output_awaited_ || pause_.waits()) return;
  if (written_) {
    written_ = false;
    return pause_.after(pause_after_write, [this] { handlers_.writable(); });
  }
  output_awaited_ = true;
  descriptor_.async_wait(Descriptor::wait_write,
                         [this, watch = std::weak_ptr(watch_)](const boost::system::error_code& cancelled) {
                           if (cancelled || watch.expired()) return;
                           output_awaited_ = false;
                           handlers_.writable();
                         });
}

}  // namespace bms::mqtt
