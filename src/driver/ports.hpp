// The ports of a process: which lines it has, and what each is reached by.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bluetooth/bluez.hpp"
#include "driver/process_line.hpp"

namespace bms::driver {

/// Of the serial ports that were named, and of the boards on the air if they are to be run. Throws
/// std::invalid_argument for what one process cannot do.
[[nodiscard]] std::vector<link::Port> ports_of(const RunOptions& options, const config::Config& config);

/// Makes the ways to all of them.
class Ways {
 public:
  /// `config` outlives this; `lose` is called when boards on the air cannot be reached any more, whatever happens.
  Ways(boost::asio::io_context& loop, const config::Config& config, std::function<void()> lose);

  /// Throws sdbus::Error where D-Bus is needed and is not there.
  [[nodiscard]] MakeWay to(const link::Port& port);

 private:
  [[nodiscard]] Way on_air(const link::Port& port, std::function<void()> alive);

  boost::asio::io_context& loop_;
  const config::Config& config_;
  std::function<void()> lose_;
  std::unique_ptr<bluetooth::Bluez> bluez_;  ///< from the first board on the air on
};

}  // namespace bms::driver
