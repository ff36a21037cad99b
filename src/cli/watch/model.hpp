// What a battery service has said so far: path -> value. Knows nothing of D-Bus or of terminals.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bms::cli {

/// A value as it came from the bus; empty is Victron's "invalid".
using BusValue = std::variant<std::monostate, std::int64_t, double, std::string>;

inline constexpr std::string_view battery_prefix = "com.victronenergy.battery.";

/// One battery cell as the service reports it.
struct WatchedCell {
  int number = 0;  ///< counts from 1
  std::optional<double> voltage_v;
  bool balancing = false;
};

/// The items of one service.
class WatchModel {
 public:
  /// Takes a value; true when it differs from the one before. A path is remembered even while it is invalid.
  bool set(std::string_view path, BusValue value);
  /// Takes what the service says is the value before anybody changed it; true when that is new.
  bool set_initial(std::string_view path, BusValue value);
  /// Forgets everything.
  void clear();

  [[nodiscard]] bool has(std::string_view path) const { return items_.contains(path); }
  /// The value as a finite number; empty when it is unknown, text, NaN or infinite.
  [[nodiscard]] std::optional<double> number(std::string_view path) const;
  /// The value before anybody changed it, as a finite number; empty when the service does not report one.
  [[nodiscard]] std::optional<double> initial(std::string_view path) const;
  /// The value as a whole number; empty when it is not one.
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view path) const;
  /// The value as a text that is not empty. Untrusted: to be cleaned before it is shown.
  [[nodiscard]] std::optional<std::string> text(std::string_view path) const;

  /// Everything below `prefix` (which ends in a slash): the rest of the path and the value.
  [[nodiscard]] std::vector<std::pair<std::string, BusValue>> below(std::string_view prefix) const;

  /// The cells, from the first to the last one that has a path, at most 64. Understands the three ways in which
  /// battery drivers publish cells: /Voltages/Cell<n>, /Cell/<n>/Volts and /Battery/<id>/Cell/<n>/Voltage.
  [[nodiscard]] std::vector<WatchedCell> cells() const;

 private:
  using Values = std::map<std::string, BusValue, std::less<>>;

  Values items_;
  Values initials_;
};

/// What the services on the bus make of the name that was asked for.
struct ServiceChoice {
  std::string name;                     ///< the one service that fits; empty when there is none or more than one
  std::vector<std::string> candidates;  ///< the services that fit, sorted, when there is more than one
};

/// Chooses among the bus's names (any names; others than batteries are ignored). `wanted` is a full name, the part
/// after the prefix or the end of it, a device path such as /dev/ttyUSB0, or empty for the only battery there is.
[[nodiscard]] ServiceChoice choose_service(std::span<const std::string> bus_names, std::string_view wanted);

}  // namespace bms::cli
