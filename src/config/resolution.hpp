// What a configuration comes to for one battery: section upon section, each value with the place it comes from.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/layers.hpp"
#include "config/rules.hpp"
#include "config/settings.hpp"

namespace bms::config {

/// Values that cannot be true together, or not with this chemistry.
struct Contradiction {
  int line = 0;
  std::string message;
  Named option;            ///< that yields
  std::string fallback{};  ///< what is used instead
};

/// The sections for one battery, with the rules between options. The fallback are the defaults of the chemistry.
class Resolution : public Layers<Settings> {
 public:
  /// `file`: for the origins.
  explicit Resolution(std::string file);

  /// Lays a section over what there is. `entries`: those of the section.
  void add_section(std::span<const Entry> entries);

  /// The battery is reached by Bluetooth, so its family can only be one that is known there.
  void by_bluetooth();

  /// After the last section: puts right what contradicts itself.
  void finish();

  [[nodiscard]] const Settings& settings() const { return values(); }
  [[nodiscard]] const std::vector<Contradiction>& contradictions() const { return contradictions_; }

  /// For a copy on which further sections are laid, when those of the sections below have been reported.
  void forget_contradictions() { contradictions_.clear(); }

  /// As for any section; of an unknown chemistry what comes of it.
  [[nodiscard]] std::string in_use(const Named& named);

  /// As for any section, or "preset LTO".
  [[nodiscard]] std::string origin(const Named& named) const;

 private:
  void choose_chemistry(std::span<const Entry> entries);
  void apply(const Entry& entry);
  void check(const NeedsRule& rule);
  void check(const CapacityRule& rule);
  void fit();
  void put_right(const OrderRule& rule);
  [[nodiscard]] std::string in_words(const OrderRule& rule);
  [[nodiscard]] std::optional<std::string> range_broken_by(const Option& option, Settings& settings) const;

  std::vector<Contradiction> contradictions_;
  std::optional<int> unknown_chemistry_;  ///< the line that says it
};

}  // namespace bms::config
