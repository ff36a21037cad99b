// A serial port. Polls nothing: whoever reads waits for the kernel.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>

#include "link/link.hpp"
#include "link/serial_settings.hpp"
#include "link/wire.hpp"

namespace bms::link {

/// A tty at a fixed baud rate, for us alone while it is open.
class SerialLink final : public Link {
 public:
  /// Remembers where the port is; opens nothing yet. `path`: a device node or a link to one.
  SerialLink(boost::asio::io_context& loop, std::string path, unsigned baud);
  ~SerialLink() override;
  SerialLink(const SerialLink&) = delete;
  SerialLink& operator=(const SerialLink&) = delete;

  [[nodiscard]] TimePoint now() const override { return Clock::now(); }
  boost::asio::awaitable<void> sleep_until(TimePoint time) override;
  boost::asio::awaitable<void> rest_until(TimePoint time) override;
  void wake() override;

  /// Opens and configures the port and takes it exclusively: a second process of ours is turned away by a file lock,
  /// everybody else without root by TIOCEXCL.
  [[nodiscard]] Result<void> open_now();
  boost::asio::awaitable<Result<void>> open() override;
  [[nodiscard]] Result<void> use_baud(unsigned baud) override;

  std::size_t discard_input() override;
  boost::asio::awaitable<Result<void>> write(Bytes bytes) override;
  [[nodiscard]] TimePoint earliest(std::size_t bytes) const override { return wire_.earliest(bytes); }
  boost::asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint deadline) override;

  /// Gives the port back.
  void close();

 private:
  Result<void> configure();
  Result<std::size_t> read_now(std::span<std::uint8_t> buffer);
  boost::asio::awaitable<void> wait_readable(TimePoint deadline);
  std::unexpected<Error> gone(const char* what);

  boost::asio::posix::stream_descriptor port_;
  boost::asio::steady_timer timer_;
  std::string path_;
  Wire wire_;
  int fd_ = -1;
  std::string gone_ = "it is not open";  ///< why
  SerialSettings settings_before_{};     ///< what the port is given back with
  unsigned wait_number_ = 0;
  bool resting_ = false;
};

/// Whether another process has this port for itself.
[[nodiscard]] bool is_locked(const std::string& path);

}  // namespace bms::link
