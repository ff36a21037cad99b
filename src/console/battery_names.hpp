// What a battery is called, wherever somebody types the name of one. Every command that takes such a name finds the
// battery by this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bms::console {

/// The names of one battery; those that it does not have are empty.
struct BatteryNames {
  std::string place{};    ///< "ttyUSB0", with an address where several share the line: "ttyUSB0_2"
  std::string battery{};  ///< by what it is known: "jbd_1234567890"
  std::string serial{};   ///< of its BMS
  std::string name{};     ///< what its owner calls it

  friend bool operator==(const BatteryNames&, const BatteryNames&) = default;
};

/// Whether the end of a name is enough. It is for commands that only look; one that changes something must not hit
/// another battery because the one that was meant has gone.
enum class Ends : std::uint8_t { do_not_count, count };

/// Whether two names are one: upper and lower case of A to Z are the same, and so are all characters of ASCII but
/// letters and digits ("JBD:1234", "jbd_1234").
[[nodiscard]] bool is_same_name(std::string_view one, std::string_view other);

/// A name as it is typed without what may stand before it: "/dev/ttyUSB0" and "com.victronenergy.battery.ttyUSB0" are
/// "ttyUSB0", and the Bluetooth address "A4:C1:37:00:00:01" is "ble_a4c137000001".
[[nodiscard]] std::string plain_name(std::string_view typed);

/// Which of them are meant, by their index: those that are called so; where none is, and ends count, those of which
/// a name ends so; all of them when nothing is typed.
[[nodiscard]] std::vector<std::size_t> batteries_meant(std::span<const BatteryNames> batteries, std::string_view typed,
                                                       Ends ends);

/// One battery as it is listed: `ttyUSB0_2 (jbd_1234567890, "House")`.
[[nodiscard]] std::string in_words(const BatteryNames& battery);

/// All of them, with commas between.
[[nodiscard]] std::string listed(std::span<const BatteryNames> batteries);

}  // namespace bms::console
