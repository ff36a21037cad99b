// Which chargers the bridge has switched off; in a file, as it must know that after any restart.
#pragma once

#include <cstddef>
#include <set>
#include <string>

namespace bms::bridge {

class SwitchedOff {
 public:
  static constexpr std::size_t most = 100;

  /// Reads what is remembered; a file that is not such a list is reported and counts as empty. `directory` is made when
  /// something is stored.
  explicit SwitchedOff(const std::string& directory);

  /// `charger`: what stays the same over restarts, its serial number or its service.
  [[nodiscard]] bool contains(const std::string& charger) const { return chargers_.contains(charger); }
  [[nodiscard]] const std::set<std::string>& chargers() const { return chargers_; }

  /// Whether it is remembered, or can be. The file stays small, whoever comes to the bus.
  [[nodiscard]] bool has_room_for(const std::string& charger) const {
    return contains(charger) || chargers_.size() < most;
  }

  // Each is on the disk when it returns. What cannot be stored is logged, and known until the process ends.
  void add(const std::string& charger);
  void remove(const std::string& charger);

  /// It was not switched off after all. On the disk with the next change or with flush(), as a charger may refuse again
  /// and again.
  void take_back(const std::string& charger) { chargers_.erase(charger); }

  /// Stores what is not on the disk yet.
  void flush();

 private:
  std::string file_;
  std::set<std::string> chargers_;
  std::set<std::string> stored_;
};

}  // namespace bms::bridge
