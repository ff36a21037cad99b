// What a configuration comes to for one battery: section upon section, each value with the place it comes from.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.hpp"
#include "config/rules.hpp"
#include "config/settings.hpp"

namespace bms::config {

/// One line of the file that names an option.
struct Entry {
  enum class State : std::uint8_t {
    good,
    bad,       ///< its text is not a value of the option
    repeated,  ///< the section has set the option before
  };

  std::string section;
  Named named;
  std::string text;
  int line = 0;
  State state = State::good;
};

/// Values that cannot be true together, or not with this chemistry.
struct Contradiction {
  int line = 0;
  std::string message;
  Named option;            ///< that yields
  std::string fallback{};  ///< what is used instead
};

/// Built up from the weakest section to the strongest. An option that cannot be used keeps the value it had before the
/// section; where one of two values is safer, it becomes the safer one of that and the default of the chemistry.
class Resolution {
 public:
  /// `file`: for the origins.
  explicit Resolution(std::string file);

  /// Lays a section over what there is. `entries`: of the whole file.
  void add_section(std::string_view section, std::span<const Entry> entries);

  /// After the last section: puts right what contradicts itself.
  void finish();

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const std::vector<Contradiction>& contradictions() const { return contradictions_; }

  /// For a copy on which further sections are laid, when those of the sections below have been reported.
  void forget_contradictions() { contradictions_.clear(); }

  /// "float_cell_voltage = 3.375 V is used".
  [[nodiscard]] std::string in_use(const Named& named);

  /// Where a value comes from: "default", "preset LTO", "config.ini:12 [default]". Empty for one of several that nobody
  /// has said anything about.
  [[nodiscard]] std::string origin(const Named& named) const;

 private:
  struct Origin {
    std::string from;
    int line = 0;
    std::size_t layer = 0;    ///< the section that said it
    bool configured = false;  ///< what the file says is in force
  };

  void choose_chemistry(std::string_view section, std::span<const Entry> entries);
  void apply(const Entry& entry);
  void give_up(const Named& named, std::string why);
  void check(const NeedsRule& rule);
  void check(const CapacityRule& rule);
  void fit();
  void put_right(const OrderRule& rule);
  [[nodiscard]] std::string in_words(const OrderRule& rule);
  [[nodiscard]] std::optional<std::string> range_broken_by(const Option& option, Settings& settings) const;
  [[nodiscard]] const Origin& origin_of(std::string_view name) const;
  [[nodiscard]] std::string place_of(int line) const { return file_ + ":" + std::to_string(line); }

  std::string file_;
  Settings settings_;
  Settings preset_;                  ///< nothing configured but the chemistry
  std::vector<Settings> inherited_;  ///< what there was before each section
  std::map<std::string, Origin, std::less<>> origins_;
  std::vector<Contradiction> contradictions_;
  std::optional<int> unknown_chemistry_;  ///< the line that says it
};

}  // namespace bms::config
