// What a REC unit keeps in its memory: settings that are read and written as decimal text. Names, factory values and
// limits from the settings tables of the 1Q (Victron firmware 2.5) and of the ACTIVE BMS 4S.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace bms::sim {

enum class RecKind { q1, abms, master };

class RecMemory {
 public:
  RecMemory(RecKind kind, double capacity_ah);

  /// A setting; empty where this kind of unit has none of that name.
  [[nodiscard]] std::optional<double> at(std::string_view name) const;

  /// Likewise for settings that every unit has.
  [[nodiscard]] double value(std::string_view name) const { return *at(name); }

  /// The text by which a unit reports it: "4.50000e2", or plain digits for whole numbers.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;

  /// Takes a new value in; false when it is unknown, read only or outside the limits.
  [[nodiscard]] bool write(std::string_view name, double value);

  /// All of them.
  [[nodiscard]] std::map<std::string, double> all() const;

 private:
  struct Setting {
    double value, low, high;
    bool whole;
  };

  std::map<std::string, Setting, std::less<>> settings_;
};

/// A number as a unit writes it: five decimals, exponent without sign and leading zeros.
[[nodiscard]] std::string rec_number(double value);

}  // namespace bms::sim
