#include "config/resolution.hpp"

#include <algorithm>
#include <cmath>

#include "config/fit.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view chemistry_option = "chemistry";

bool in_preset(std::string_view option) {
  return std::ranges::find(preset_rows(), option, &PresetRow::option) != preset_rows().end();
}

/// The voltage that a chemistry bounds: the value, or the end of a curve.
std::optional<double> bounded_voltage(const Option& option, Settings& settings) {
  if (const auto* any = std::get_if<CurveOf>(&option.kind)) {
    const Curve& curve = any->place(settings, 0);
    return curve.empty() ? std::nullopt : std::optional(curve.back().at);
  }
  return option.number(settings);
}

}  // namespace

Resolution::Resolution(std::string file) : file_(std::move(file)), preset_(preset_settings(settings_.chemistry)) {}

void Resolution::add_section(std::string_view section, std::span<const Entry> entries) {
  choose_chemistry(section, entries);
  inherited_.push_back(settings_);
  for (const Entry& entry : entries) {
    if (entry.section == section && entry.named.option->name != chemistry_option) apply(entry);
  }
}

/// Another chemistry than before lets nothing survive that was said for the one before.
void Resolution::choose_chemistry(std::string_view section, std::span<const Entry> entries) {
  for (const Entry& entry : entries) {
    if (entry.section != section || entry.named.option->name != chemistry_option) continue;
    if (entry.state == Entry::State::bad) unknown_chemistry_ = entry.line;
    if (entry.state != Entry::State::good) continue;
    unknown_chemistry_.reset();
    settings_.chemistry_configured = true;
    origins_[std::string(chemistry_option)] = {
        .from = place_of(entry.line) + " [" + entry.section + "]", .line = entry.line, .configured = true};
    Settings chosen = settings_;
    if (!entry.named.option->set(chosen, 0, entry.text) || chosen.chemistry == settings_.chemistry) continue;
    apply_preset(settings_, chosen.chemistry);
    preset_ = preset_settings(chosen.chemistry);
    for (const PresetRow& row : preset_rows()) origins_.erase(std::string(row.option));
    for (const char* curve : {"charge_cell_curve", "discharge_cell_curve"}) {
      option_named(curve).copy(preset_, settings_, 0);
      origins_.erase(curve);
    }
  }
}

void Resolution::apply(const Entry& entry) {
  const auto& [option, index] = entry.named;
  const std::string name = entry.named.name();
  Settings said = settings_;
  const bool is_value = option->set(said, index, entry.text);
  const auto broken = is_value ? range_broken_by(*option, said) : std::nullopt;
  if (entry.state == Entry::State::repeated) {
    if (is_value && !broken) option->limit_to(said, settings_, index);
    return;
  }
  origins_[name] = {.from = place_of(entry.line) + " [" + entry.section + "]",
                    .line = entry.line,
                    .layer = inherited_.size() - 1,
                    .configured = true};
  if (is_value && !broken) {
    option->copy(said, settings_, index);
    return;
  }
  give_up(entry.named, "instead of " + place_of(entry.line));
  if (broken) contradictions_.push_back({entry.line, name + " = " + entry.text + ": " + *broken, entry.named});
}

/// The option gets the value it had before the section that said something else of it, or a safer one.
void Resolution::give_up(const Named& named, std::string why) {
  Origin& origin = origins_[named.name()];
  named.option->copy(inherited_[origin.layer], settings_, named.index);
  named.option->limit_to(preset_, settings_, named.index);
  origin.from = std::move(why);
  origin.configured = false;
}

std::optional<std::string> Resolution::range_broken_by(const Option& option, Settings& settings) const {
  const auto row = std::ranges::find(cell_range_rows(), option.name, &CellRangeRow::option);
  if (row == cell_range_rows().end()) return std::nullopt;
  const auto voltage = bounded_voltage(option, settings);
  const CellRange& range = row->ranges[static_cast<std::size_t>(settings.chemistry)];
  if (!voltage || (*voltage >= range.min_v && *voltage <= range.max_v)) return std::nullopt;
  const bool curve = std::holds_alternative<CurveOf>(option.kind);
  return "expected " + std::string(curve ? "an end " : "a number ") + "from " + number_text(range.min_v) + " to " +
         number_text(range.max_v) + " (V) with chemistry = " + std::string(name_of(settings.chemistry));
}

void Resolution::finish() {
  for (const NeedsRule& rule : needs_rules()) check(rule);
  fit();
  for (const CapacityRule& rule : capacity_rules()) check(rule);
  if (unknown_chemistry_) {
    settings_.charge.max_charge_current = {};
    origins_["max_charge_current"] = {.from = "chemistry unknown, " + place_of(*unknown_chemistry_)};
  }
  derive(settings_);
  for (Contradiction& found : contradictions_) {
    if (found.fallback.empty()) found.fallback = in_use(found.option);
  }
}

/// What yields does not count as set any more, so that others, and itself, follow differently: all over again.
void Resolution::fit() {
  const auto let_others_follow = [this] {
    settings_.fit.set.clear();
    for (const auto& [name, origin] : origins_) {
      const auto named = origin.configured ? find_option(name) : std::nullopt;
      if (named) settings_.fit.set.push_back(named->option->name);
    }
    let_follow(settings_);
  };
  let_others_follow();
  for (std::size_t left = 2 * order_rules().size(); left > 0; --left) {
    const OrderRule* rule = broken_rule(settings_);
    if (rule == nullptr) break;
    put_right(*rule);
    let_others_follow();
  }
  for (const Followed& followed : settings_.fit.followed) {
    origins_[std::string(followed.option)].from = "follows " + std::string(followed.leader);
  }
}

void Resolution::put_right(const OrderRule& rule) {
  const std::string_view other = rule.yields == rule.lower.option ? rule.upper.option : rule.lower.option;
  // What nobody has set cannot follow so far; then whoever leads it there has gone too far.
  const bool yields = origin_of(rule.yields).configured || !origin_of(other).configured;
  const Named yielding{&option_named(yields ? rule.yields : other), 0};
  const Origin origin = origin_of(yielding.option->name);
  const int line = std::max(origin_of(rule.lower.option).line, origin_of(rule.upper.option).line);
  contradictions_.push_back({.line = line, .message = in_words(rule), .option = yielding});
  const double bound = bound_of(rule, settings_);
  undo_following(settings_);
  if (origin.configured) return give_up(yielding, "instead of " + place_of(origin.line));
  yielding.option->set_number(settings_, bound);
  origins_[yielding.name()] = {.from = "follows " + std::string(other), .configured = true};
}

std::string Resolution::in_words(const OrderRule& rule) {
  const auto value = [&](const Side& side) {
    const std::string_view unit = option_named(side.option).unit;
    const auto follows = std::ranges::find(settings_.fit.followed, side.option, &Followed::option);
    return " = " + number_text(*side.of(settings_)) + (unit.empty() ? "" : " " + std::string(unit)) +
           (follows == settings_.fit.followed.end() ? "" : " (follows " + std::string(follows->leader) + ")");
  };
  const bool reversed = *rule.lower.of(settings_) >= *rule.upper.of(settings_);
  const std::string how = rule.apart == 0 ? " must not be above " + rule.upper.text("")
                          : reversed      ? " must be below " + rule.upper.text("")
                                          : " must be " + words_of(rule);
  return rule.lower.text("") + value(rule.lower) + how + value(rule.upper);
}

void Resolution::check(const NeedsRule& rule) {
  const Option& option = option_named(rule.option);
  if (option.text(settings_) != rule.word || !option_named(rule.needed).text(settings_).empty()) return;
  const Origin& origin = origin_of(rule.option);
  const std::string message =
      std::string(rule.option) + " = " + std::string(rule.word) + " is of no use without " + std::string(rule.needed);
  const int line = origin.line;
  option.copy(preset_, settings_, 0);
  origins_[std::string(rule.option)].from = "instead of " + place_of(line);
  contradictions_.push_back({line, message, {&option, 0}});
}

void Resolution::check(const CapacityRule& rule) {
  const bool multiple = (settings_.charge.*rule.place).c_rate;
  if (settings_.bms != rule.bms || settings_.battery.calibration.capacity_ah || !multiple) return;
  const std::string message = std::string(rule.option) + " = " + option_named(rule.option).text(settings_) +
                              " is a multiple of the capacity, which this BMS does not tell; set capacity";
  contradictions_.push_back({.line = origin_of(rule.option).line,
                             .message = message,
                             .option = {&option_named(rule.option), 0},
                             .fallback = std::string(rule.fallback)});
}

std::string Resolution::in_use(const Named& named) {
  if (unknown_chemistry_ && named.option->name == chemistry_option) return "nothing is charged";
  return named.name() + " = " + named.option->text_with_unit(settings_, named.index) + " is used";
}

const Resolution::Origin& Resolution::origin_of(std::string_view name) const {
  static const Origin nobody;
  const auto found = origins_.find(name);
  return found == origins_.end() ? nobody : found->second;
}

std::string Resolution::origin(const Named& named) const {
  const std::string& from = origin_of(named.name()).from;
  if (!from.empty() || named.option->name.contains('*')) return from;
  if (!in_preset(named.option->name) || !origin_of(chemistry_option).configured) return "default";
  return "preset " + std::string(name_of(settings_.chemistry));
}

}  // namespace bms::config
