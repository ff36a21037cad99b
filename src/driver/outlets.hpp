// Where the batteries of a process are seen: on D-Bus, at a broker, or both.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "driver/daemon.hpp"
#include "driver/line.hpp"
#include "link/port.hpp"
#include "mqtt/exporter.hpp"
#include "venus/bus_face.hpp"

namespace bms::driver {

class Outlets {
 public:
  /// Options and configuration outlive this. Throws std::invalid_argument when a battery would be seen nowhere.
  Outlets(boost::asio::io_context& loop, const RunOptions& options, const config::Config& config,
          const std::vector<link::Port>& ports);

  /// The faces of a battery on a line. `lose` is called when what shows it is lost for good. Throws sdbus::Error when
  /// there is no bus.
  [[nodiscard]] std::vector<std::unique_ptr<Face>> make_faces(const link::Port& port, const FacePlace& place,
                                                              std::function<void()> lose);

  /// Takes leave where that is usual; faces are of no use from then on.
  void stop() { broker_.stop(); }

 private:
  void hand_to_bank(venus::BusFace& face, const FacePlace& place) const;
  [[nodiscard]] bool is_on_bus(const link::Port& port);
  [[nodiscard]] config::OnBus wanted(const link::Port& port) const;

  boost::asio::io_context& loop_;
  const RunOptions& options_;
  const config::Config& config_;
  mqtt::Exporter broker_;
  std::optional<bool> venus_is_here_;  ///< empty: nobody has looked
};

}  // namespace bms::driver
