// A board on the air as a line: what it sends is one stream of bytes, however it is cut.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>
#include <vector>

#include "bluetooth/board_connection.hpp"
#include "link/link.hpp"

namespace bms::bluetooth {

class GattLink final : public link::Link {
 public:
  /// `alive` is called every few seconds while open() waits. `bluez` outlives the link. Does nothing yet.
  GattLink(boost::asio::io_context& loop, Bluez& bluez, NamedBoard board, std::function<void()> alive);

  [[nodiscard]] TimePoint now() const override { return Clock::now(); }
  boost::asio::awaitable<void> sleep_until(TimePoint time) override;
  boost::asio::awaitable<void> rest_until(TimePoint time) override;
  void wake() override;
  [[nodiscard]] Result<void> use_baud(unsigned /*baud*/) override { return {}; }

  /// One attempt to connect the board; see BoardConnection::establish(). One that has just been connected, and was not
  /// asked anything yet, stays as it is.
  boost::asio::awaitable<Result<void>> open() override;

  std::size_t discard_input() override;
  boost::asio::awaitable<Result<void>> write(Bytes bytes) override;
  [[nodiscard]] TimePoint earliest(std::size_t /*bytes*/) const override { return TimePoint::min(); }
  boost::asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint deadline) override;

  /// As of BoardConnection.
  void release(Clock::duration time) { connection_.release(time); }

  [[nodiscard]] LinkQuality quality() const { return connection_.quality(); }

 private:
  void take_piece(Bytes piece);

  boost::asio::steady_timer timer_;
  News news_;
  std::string address_;
  std::vector<std::uint8_t> heard_;
  BoardConnection connection_;
  bool asked_ = false;  ///< since it was connected
  bool resting_ = false;
};

}  // namespace bms::bluetooth
