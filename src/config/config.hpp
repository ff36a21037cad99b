// config.ini: reading it, checking it, and what it says for one battery.
//
//   [default]                  # for every battery
//   max_charge_current = 0.5C
//
//   [battery JBD:1234567890]   # for one battery: family and serial number, as the log shows them at first contact ...
//   max_charge_current = 120
//
//   [battery ttyUSB0]          # ... or the port
//   poll_interval = 2
//
//   [battery A4:C1:37:00:00:23]  # ... or the Bluetooth address, which makes it one that is looked for there
#pragma once

#include <functional>
#include <initializer_list>
#include <istream>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/bank.hpp"
#include "config/layers.hpp"
#include "config/sections.hpp"
#include "config/settings.hpp"

namespace bms::config {

struct IniEntry;
struct IniSection;
class Resolution;

/// Something in the file that cannot be used as it is.
struct Fault {
  std::string file;
  int line = 0;          ///< 1-based; 0: the file as a whole
  std::string message;   ///< what is there, what was expected
  std::string fallback;  ///< what is done instead: "max_charge_current = 50 A is used"

  /// "config.ini:12: message; fallback".
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Fault&, const Fault&) = default;
};

/// What one option comes to, and why.
struct Explanation {
  std::string_view group;  ///< the title of its section in the documentation
  std::string name;
  std::string value;  ///< as a file may say it
  std::string unit;
  std::string from;           ///< "default", "preset LTO", "config.ini:12 [default]", "follows absorption_cell_voltage"
  std::string default_value;  ///< what it would be if nobody had configured anything
};

/// A board without a cable that the file names by its address.
struct BluetoothBoard {
  std::string address;   ///< in its canonical form
  std::string family;    ///< empty: found out
  std::string adapter;   ///< its address in the canonical form; empty: any
  std::string password;  ///< empty: none
};

/// A section [battery <name>].
struct BatterySection {
  std::string name;
  int line = 0;
};

/// Addresses as the option `address` takes them: "1, 2, 5-8". Empty optional: it is not a list of addresses.
[[nodiscard]] std::optional<std::vector<unsigned>> parse_addresses(const std::string& text);

/// A checked configuration file. It can always be used, whatever the file says: what is faulty is reported, and
/// replaced by what was inherited from [default] or by the default. For limits and voltages that is never the less
/// careful one of these.
class Config {
 public:
  /// Nothing is configured.
  Config() = default;

  /// Reads a configuration. Every fault is reported, not only the first: unknown sections and options (with the nearest
  /// valid name), values that are invalid or out of range, options that are set twice, contradictions between options.
  /// An empty file is valid and means the defaults. `file`: its name in faults.
  static Config read(std::istream& in, const std::string& file = "config.ini");

  /// Likewise for a file; one that cannot be read is a fault of line 0.
  static Config read_file(const std::string& path);

  /// In the order of the lines.
  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

  /// The sections for single batteries, each once. One that no battery ever matched is probably misspelt.
  [[nodiscard]] const std::vector<BatterySection>& sections() const { return sections_; }

  /// How many options are set, and how many sections are used.
  [[nodiscard]] std::size_t option_count() const { return option_count_; }
  [[nodiscard]] std::size_t section_count() const { return sections_.size() + others_.size(); }

  /// Those sections whose name is a Bluetooth address, in the order of the file.
  [[nodiscard]] std::vector<BluetoothBoard> bluetooth_boards() const;

  /// The banks that can be used, in the order of the file.
  [[nodiscard]] const std::vector<Bank>& banks() const { return banks_; }

  /// The bank of a battery that is known by these names, and nullptr where it belongs to none.
  [[nodiscard]] const Bank* bank_of(std::span<const std::string_view> names) const;

  /// What is configured for one battery: the defaults, then [default], then the sections [battery <name>] of the names
  /// it has, the last of them the strongest: its port ("ttyUSB0"), its place on the line ("ttyUSB0_2"), its identity
  /// ("JBD:1234567890"); its Bluetooth address in place of the port, however it is written. Names that are empty or not
  /// known yet count for nothing.
  [[nodiscard]] Settings settings_for(std::span<const std::string_view> names) const;

  [[nodiscard]] Settings settings_for(std::initializer_list<std::string_view> names) const {
    return settings_for(std::span(names.begin(), names.size()));
  }

  /// What a section says that is read into such a struct: section<bridge::Config>(). `name`: where its kind has names.
  template <class Struct>
  [[nodiscard]] Struct section(std::string_view name = {}) const {
    return std::get<Struct>(resolve({.kind = &section_kind_of<Struct>(), .name = std::string(name)}).values());
  }

  /// Every option with its value for such a battery, in the order of the documentation, then those of the
  /// sections that are for no battery. Options of single sensors are among them where somebody has set them.
  [[nodiscard]] std::vector<Explanation> explain(std::span<const std::string_view> names) const;
  [[nodiscard]] std::vector<Explanation> explain(std::initializer_list<std::string_view> names) const {
    return explain(std::span(names.begin(), names.size()));
  }

 private:
  struct Notes;

  void add_section(const IniSection& line, Notes& notes);
  void add(const IniEntry& line, Notes& notes);
  void report(int line, std::string message, std::string fallback, Notes& notes);
  void check(Notes& notes);
  void check_lines(const Section& section, const std::function<std::string(const Named&)>& in_use, Notes& notes);
  void check_banks(Notes& notes);
  void check_battery(const Section& section, Resolution& resolution, Notes& notes);
  [[nodiscard]] std::span<const Entry> entries_of(const Section& section) const;
  [[nodiscard]] Resolution resolve(std::span<const std::string_view> names) const;
  [[nodiscard]] Layers<Values> resolve(const Section& section) const;
  [[nodiscard]] std::vector<Section> sections_for_no_battery() const;

  std::string file_ = "config.ini";
  std::vector<BatterySection> sections_;
  std::vector<Section> others_;                                     ///< that the file has, each once
  std::map<std::string, std::vector<Entry>, std::less<>> entries_;  ///< by section
  std::vector<Bank> banks_;
  std::size_t option_count_ = 0;
  std::vector<Fault> faults_;
};

}  // namespace bms::config
