// A pseudo-terminal that stands for a serial adapter: it can be unplugged and plugged in again.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace bms::sim {

/// The board's end of a pseudo-terminal, and a stable link to the other end.
class Pty {
 public:
  using OnBytes = std::function<void(std::span<const std::uint8_t>)>;

  /// `link` may be empty: no link then.
  Pty(boost::asio::io_context& loop, std::string link);
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;
  ~Pty();

  /// Opens a new pair and puts the link in place of whatever link was there. Throws std::system_error.
  void plug(OnBytes on_bytes);
  /// Hangs up: the other side reads an end of file, its path is gone.
  void unplug();
  [[nodiscard]] bool plugged() const { return master_.is_open(); }

  /// The path that a driver opens: the real one, not the link.
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The speed that the other side has set.
  [[nodiscard]] unsigned baud() const;

  /// Bytes that the other side does not take are lost, as on a wire.
  void write(std::span<const std::uint8_t> bytes);

 private:
  void read_next();
  void place_link() const;

  boost::asio::posix::stream_descriptor master_;
  boost::asio::posix::stream_descriptor slave_;
  int slave_fd_ = -1;
  std::string link_;
  std::string path_;
  OnBytes on_bytes_;
  std::array<std::uint8_t, 512> buffer_{};
};

}  // namespace bms::sim
