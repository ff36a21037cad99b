// config.ini: reading it, checking it, and what it says for one battery.
//
//   [default]                  # for every battery
//   max_charge_current = 80
//
//   [battery JBD:1234567890]   # for one battery: family and serial number, as the log shows them at first contact ...
//   max_charge_current = 120
//
//   [battery ttyUSB0]          # ... or the port
//   poll_interval = 2
#pragma once

#include <initializer_list>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.hpp"

namespace bms::config {

/// Something in the file that cannot be used.
struct Fault {
  int line = 0;         ///< 1-based; 0: the file as a whole
  std::string message;  ///< what was expected, what is there, what to do
};

/// Addresses as the option `address` takes them: "1, 2, 5-8". Empty optional: they are none.
[[nodiscard]] std::optional<std::vector<unsigned>> parse_addresses(const std::string& text);

/// A checked configuration file.
class Config {
 public:
  /// Reads a configuration. Every fault is reported, not only the first: unknown sections and options (with the nearest
  /// valid name), values that are no number or out of range, contradictions between options.
  /// An empty file is valid and means the defaults.
  static Config read(std::istream& in);

  /// The same for a file; one that cannot be opened is a fault of line 0.
  static Config read_file(const std::string& path);

  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

  /// What is configured for one battery: the defaults, then [default], then the sections [battery <name>] of the names
  /// it has, the last of them the strongest: its port ("ttyUSB0"), its place on the line ("ttyUSB0_2"), its identity
  /// ("JBD:1234567890"). Names that are empty or not known yet count for nothing.
  [[nodiscard]] Settings settings_for(std::initializer_list<std::string_view> names) const;

 private:
  struct Entry {
    std::string section;
    const Option* option;
    std::string text;
  };

  void add(const std::string& section, const std::string& name, const std::string& text, int line);
  void check_contradictions();

  std::vector<Entry> entries_;
  std::vector<Fault> faults_;
};

}  // namespace bms::config
