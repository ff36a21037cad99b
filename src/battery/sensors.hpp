// Temperature sensors break, and a broken one reads something: it must neither block charging nor allow it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "bms/battery.hpp"
#include "bms/reading.hpp"

namespace bms::battery {

/// Watches what sensors say, before any correction. A sensor is faulty when it reads -40 °C or less, or more than
/// 100 °C (what open and shorted inputs read), when it jumps by more than 20 K between two readings, or when it stops
/// saying anything. It is trusted again after 60 s of sane values. That of the FETs may jump, since they have little
/// mass, and is heard at once when it says that they are hotter than they were.
class Sensors {
 public:
  /// Takes the sensors of one reading. `dt_s`: since the reading before.
  void watch(const Reading& raw, double dt_s);

  /// A sensor does not vanish: one that is fitted and that the board no longer lists says nothing.
  void complete(Reading& raw) const;

  /// Empties what faulty sensors say.
  void mask(Reading& reading) const;

  /// The BMS has reported at least once how warm its cells are, without saying which.
  [[nodiscard]] bool highest_is_told() const { return highest_is_told_; }

  /// Whether sensor `index` (from 0) is fitted, and whether it lies.
  [[nodiscard]] bool fitted(std::size_t index) const { return sensors_[index].fitted; }
  [[nodiscard]] bool faulty(std::size_t index) const { return sensors_[index].faulty; }

  /// "sensor 2 reads -40 °C"
  [[nodiscard]] ShortText describe(std::size_t index) const;

 private:
  struct Sensor {
    bool fitted = false;
    bool faulty = false;
    double sane_s = 0;
    std::optional<double> last_c;

    void watch(std::optional<double> says_c, bool sane, double dt_s);
  };

  std::array<Sensor, max_temperatures> sensors_;
  Sensor mos_;
  bool mos_believed_ = false;
  std::optional<double> believed_mos_c_;  ///< the last one that was
  bool highest_is_told_ = false;
  bool highest_faulty_ = false;
};

}  // namespace bms::battery
