// What is remembered of a battery over restarts, in one small file for each.
//
// Two copies: one on the data partition, written rarely because flash wears out, and a newer one in memory (a tmpfs),
// which survives the process but not a power cut.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "battery/estimator.hpp"
#include "charge/state.hpp"
#include "files/atomic_file.hpp"
#include "files/wall_clock.hpp"

namespace bms::driver {

using files::unix_time;
using files::WallTime;

/// Everything that is kept of one battery.
struct Remembered {
  charge::Kept charge;
  battery::Kept battery;
};

/// What was found.
struct Recalled {
  Remembered what;
  std::optional<double> down_s;  ///< how long ago it was saved; empty: the clock cannot be believed
};

/// The file of one battery in a directory; `id` names the battery, not the port. Empty directory: no file.
[[nodiscard]] std::string battery_file(const std::string& directory, const std::string& id);

class BatteryMemory {
 public:
  /// `lasting`: a file on the data partition; empty: nothing is kept. `in_memory`: a file on a tmpfs; empty: only the
  /// lasting copy is kept.
  BatteryMemory(std::string lasting, std::string in_memory)
      : lasting_path_(std::move(lasting)), memory_path_(lasting_path_.empty() ? "" : std::move(in_memory)) {}

  /// What was saved last. Empty: nothing was, or it cannot be used. What lies there and cannot be used, be it a file or
  /// something else, is moved aside (".corrupt", or ".newer" when a later version of this program wrote it), and
  /// problem() says so.
  [[nodiscard]] std::optional<Recalled> recall(WallTime now);

  /// Saves, in one step. False: it could not be written.
  bool save(const Remembered& what, files::Lasting lasting, WallTime now);

  /// What went wrong with the file at recall(), for the log; empty: nothing.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  struct File;
  [[nodiscard]] std::optional<File> read(const std::string& path);
  void set_aside(const std::string& path, const std::string& suffix, const std::string& why);

  std::string lasting_path_, memory_path_;
  std::string lineage_;  ///< a copy in memory belongs to the file that bears the same mark
  std::uint64_t saves_ = 0;
  std::string problem_;
};

}  // namespace bms::driver
