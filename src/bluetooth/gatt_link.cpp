#include "bluetooth/gatt_link.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace bms::bluetooth {

namespace asio = boost::asio;

namespace {

// Several of the longest answers; what is more nobody has asked for.
constexpr std::size_t most_heard = 4096;

}  // namespace

GattLink::GattLink(asio::io_context& loop, Bluez& bluez, NamedBoard board, std::function<void()> alive)
    : timer_(loop),
      news_(loop),
      address_(board.address),
      connection_(loop, bluez, std::move(board),
                  {.alive = std::move(alive),
                   .on_piece = [this](Bytes piece) { take_piece(piece); },
                   .on_lost = [this] { news_.tell(); }}) {}

asio::awaitable<void> GattLink::sleep_until(TimePoint time) {
  timer_.expires_at(time);
  boost::system::error_code cancelled;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

asio::awaitable<void> GattLink::rest_until(TimePoint time) {
  resting_ = true;
  co_await sleep_until(time);
  resting_ = false;
}

void GattLink::wake() {
  if (resting_) timer_.cancel();
}

asio::awaitable<Result<void>> GattLink::open() {
  if (connection_.usable() && !asked_) co_return Result<void>{};
  asked_ = false;
  auto established = co_await connection_.establish();
  heard_.clear();  // what a module says before it is asked is no answer
  co_return established;
}

void GattLink::take_piece(Bytes piece) {
  const std::size_t room = most_heard - heard_.size();
  const Bytes taken = piece.first(std::min(piece.size(), room));
  heard_.insert(heard_.end(), taken.begin(), taken.end());
  news_.tell();
}

std::size_t GattLink::discard_input() {
  const std::size_t dropped = heard_.size();
  heard_.clear();
  return dropped;
}

asio::awaitable<Result<void>> GattLink::write(Bytes bytes) {
  asked_ = true;
  co_return co_await connection_.write(bytes);
}

asio::awaitable<Result<std::size_t>> GattLink::read(std::span<std::uint8_t> buffer, TimePoint deadline) {
  for (;;) {
    if (!heard_.empty()) {
      const auto size = static_cast<std::ptrdiff_t>(std::min(buffer.size(), heard_.size()));
      std::copy_n(heard_.begin(), size, buffer.begin());
      heard_.erase(heard_.begin(), heard_.begin() + size);
      co_return static_cast<std::size_t>(size);
    }
    if (!connection_.usable()) co_return failure(ErrorKind::link, address_ + ": " + connection_.trouble());
    if (now() >= deadline) co_return std::size_t{0};
    co_await news_.wait_until(deadline);
  }
}

}  // namespace bms::bluetooth
