// Sections of config.ini that lie one upon the other: what they come to, and where each value comes from.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/options.hpp"

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

/// Built up from the weakest section to the strongest. An option that cannot be used keeps the value it had before the
/// section; where one of two values is safer, it becomes the safer one of that and the fallback.
template <class T>
class Layers {
 public:
  /// `file`: for the origins.
  Layers(std::string file, T values, T fallback)
      : values_(std::move(values)), fallback_(std::move(fallback)), file_(std::move(file)) {}

  [[nodiscard]] const T& values() const { return values_; }

  /// Begins a further section.
  void begin() { inherited_.push_back(values_); }

  /// Takes what a line says. `usable`: whether `said`, the values with what it says, can be used.
  void lay(const Entry& entry, T& said, bool usable) {
    const auto& [option, index] = entry.named;
    if (entry.state == Entry::State::repeated) {
      if (usable) option->limit_to(said, values_, index);
      return;
    }
    origins_[entry.named.name()] = {
        .from = said_in(entry), .line = entry.line, .layer = inherited_.size() - 1, .configured = true};
    if (usable) {
      option->copy(said, values_, index);
    } else {
      give_up(entry.named, "instead of " + place_of(entry.line));
    }
  }

  /// Begins a section and takes all its lines, where nothing but the options themselves says what can be used.
  void add_section(std::span<const Entry> entries) {
    begin();
    for (const Entry& entry : entries) {
      T said = values_;
      const bool usable = entry.named.option->set(said, entry.named.index, entry.text);
      lay(entry, said, usable);
    }
  }

  /// "float_cell_voltage = 3.375 V is used".
  [[nodiscard]] std::string in_use(const Named& named) {
    return named.name() + " = " + named.option->shown(named.option->text_with_unit(values_, named.index)) + " is used";
  }

  /// Where a value comes from: "default", "config.ini:12 [default]". Empty for one of several that nobody has said
  /// anything about.
  [[nodiscard]] std::string origin(const Named& named) const {
    const std::string& from = origin_of(named.name()).from;
    return !from.empty() || named.option->name.contains('*') ? from : "default";
  }

 protected:
  struct Origin {
    std::string from;
    int line = 0;
    std::size_t layer = 0;    ///< the section that said it
    bool configured = false;  ///< what the file says is in force
  };

  /// The option gets the value it had before the section that said something else of it, or a safer one.
  void give_up(const Named& named, std::string why) {
    Origin& origin = origins_[named.name()];
    named.option->copy(inherited_[origin.layer], values_, named.index);
    named.option->limit_to(fallback_, values_, named.index);
    origin.from = std::move(why);
    origin.configured = false;
  }

  [[nodiscard]] const Origin& origin_of(std::string_view name) const {
    static const Origin nobody;
    const auto found = origins_.find(name);
    return found == origins_.end() ? nobody : found->second;
  }

  [[nodiscard]] std::string place_of(int line) const { return file_ + ":" + std::to_string(line); }
  [[nodiscard]] std::string said_in(const Entry& entry) const {
    return place_of(entry.line) + " [" + entry.section + "]";
  }

  T values_;
  T fallback_;  ///< what there is when nobody configures anything
  std::map<std::string, Origin, std::less<>> origins_{};

 private:
  std::string file_;
  std::vector<T> inherited_{};  ///< what there was before each section
};

}  // namespace bms::config
