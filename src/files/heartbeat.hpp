// A sign of life that costs nobody anything: the one that lives writes the moment into a small file in memory, and
// whoever wants to know looks there. Nothing is sent, and nobody is woken.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "files/descriptor.hpp"

namespace bms::files {

/// The file holds milliseconds of the system's monotonic clock, as text. It stays when the process ends, and goes with
/// a restart of the machine, as that clock does.
class Heartbeat {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// `directory` is made where it is missing; if it is empty or cannot be made, there is no heartbeat.
  /// `name`: of what lives, "ttyUSB0".
  /// What an earlier process has left there is forgotten.
  Heartbeat(const std::string& directory, std::string_view name);

  /// It was alive at this moment.
  void beat(Moment at);

 private:
  Descriptor file_;
};

/// Looks at the heartbeat of another process.
class HeartbeatWatch {
 public:
  /// To be made anew when that process has started anew.
  HeartbeatWatch(const std::string& directory, std::string_view name);

  /// The newest beat. Empty: there was none, or none that can be believed.
  [[nodiscard]] std::optional<Heartbeat::Moment> last() const;

 private:
  Descriptor file_;
};

}  // namespace bms::files
