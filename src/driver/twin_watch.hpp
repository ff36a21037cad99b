// One board that is reached in two ways, by its cable and by Bluetooth, would be two batteries, each with the whole of
// it. Only its owner knows whether it is one: a serial number may have been given twice. So it is said, and left to
// him.
#pragma once

#include <boost/asio/io_context.hpp>
#include <string>

#include "bms/reading.hpp"
#include "bms/timer.hpp"
#include "line/board_presence.hpp"
#include "link/port.hpp"

namespace bms::driver {

class TwinWatch {
 public:
  /// `directory`: shared by all drivers of the machine. `device`: has a serial number. `place`: what the battery is
  /// called; `prefix`: of its lines in the log. A board on the air looks again and again; `port` outlives this.
  TwinWatch(boost::asio::io_context& loop, const std::string& directory, const DeviceInfo& device,
            const link::Port& port, const std::string& place, std::string prefix);

  /// Where else a board with this number is read, and what to do, in words; empty: nowhere. Valid until the next look.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  void look();

  const link::Port& port_;
  std::string serial_, prefix_, trouble_;
  line::BoardPresence presence_;
  Timer timer_;
};

}  // namespace bms::driver
