// What is remembered of the cells of a battery, in a file of its own beside the battery's memory: it is a hundred times
// as large, and nothing is decided by it.
//
// Flash wears out, so the copy on the data partition is written every six hours and at the end. A newer one in memory
// (a tmpfs), every ten minutes, is what `dbus-bms cells` shows, and survives the process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "battery/cell_document.hpp"
#include "bms/time.hpp"
#include "driver/battery_memory.hpp"

namespace bms::driver {

/// How the files end; what is before it is what the battery is known as.
inline constexpr std::string_view cells_ending = ".cells.json";

/// The file of one battery in a directory. Empty directory: no file.
[[nodiscard]] std::string cells_file(const std::string& directory, const std::string& id);

/// The newer of two copies, either of which may be missing.
[[nodiscard]] std::optional<battery::CellDocument> newer_of(std::optional<battery::CellDocument> one,
                                                            std::optional<battery::CellDocument> other);

class CellMemory {
 public:
  /// Paths as of BatteryMemory. `place`: where the battery is ("ttyUSB0_2"), by which people mean it as well.
  CellMemory(std::string lasting, std::string in_memory, std::string place = {})
      : lasting_path_(std::move(lasting)),
        memory_path_(lasting_path_.empty() ? "" : std::move(in_memory)),
        place_(std::move(place)) {}

  /// What was found.
  struct Recalled {
    battery::CellRecord record;
    std::optional<double> down_s;  ///< how long ago it was saved; empty: the clock cannot be believed
  };

  /// What was saved last. A file that cannot be used is moved aside, as of BatteryMemory, and problem() says so.
  [[nodiscard]] std::optional<Recalled> recall(WallTime now);

  /// To be asked after each reading. Empty: not now; otherwise the caller saves this copy.
  [[nodiscard]] std::optional<files::Lasting> due(TimePoint now);

  /// Saves, in one step. False: it could not be written.
  bool save(const battery::CellRecord& record, files::Lasting lasting, WallTime now) const;

  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  [[nodiscard]] std::optional<battery::CellDocument> read(const std::string& path);

  std::string lasting_path_, memory_path_, place_;
  std::string problem_;
  bool lasting_exists_ = false;  ///< without it a copy in memory means nothing
  std::optional<TimePoint> due_, lasting_due_;
};

}  // namespace bms::driver
