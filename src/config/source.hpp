// Where config.ini is: one rule for the daemon, the bridge and the console.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace bms::config {

/// Where it is looked for when nobody names a file; the first that is there counts. What systemd hands over as
/// $CONFIGURATION_DIRECTORY comes first. On a GX device the program lives in /data/apps, which outlives firmware
/// updates; elsewhere configurations belong to /etc.
[[nodiscard]] std::vector<std::string> usual_places();

/// Which file counts.
struct Source {
  std::string file{};  ///< empty: there is none, and everything has its default
  std::string text{};  ///< the same, for people
};

/// The file that was named, whether it is there or not; or else, with an empty name, the first of the usual places that
/// has one. What lies there and is neither a file nor a folder is passed over: to open a pipe is to wait.
[[nodiscard]] Source source_of(const std::string& named, std::span<const std::string> usual = usual_places());

}  // namespace bms::config
