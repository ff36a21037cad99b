#include "config/resolution.hpp"

#include <algorithm>
#include <cmath>

#include "config/fit.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"
#include "registry.hpp"

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

Resolution::Resolution(std::string file) : Layers(std::move(file), {}, preset_settings(Settings{}.chemistry)) {}

void Resolution::add_section(std::span<const Entry> entries) {
  choose_chemistry(entries);
  begin();
  for (const Entry& entry : entries) {
    if (entry.named.option->name != chemistry_option) apply(entry);
  }
}

/// Another chemistry than before lets nothing survive that was said for the one before.
void Resolution::choose_chemistry(std::span<const Entry> entries) {
  for (const Entry& entry : entries) {
    if (entry.named.option->name != chemistry_option) continue;
    if (entry.state == Entry::State::bad) unknown_chemistry_ = entry.line;
    if (entry.state != Entry::State::good) continue;
    unknown_chemistry_.reset();
    values_.chemistry_configured = true;
    origins_[std::string(chemistry_option)] = {.from = said_in(entry), .line = entry.line, .configured = true};
    Settings chosen = values_;
    if (!entry.named.option->set(chosen, 0, entry.text) || chosen.chemistry == values_.chemistry) continue;
    apply_preset(values_, chosen.chemistry);
    fallback_ = preset_settings(chosen.chemistry);
    for (const PresetRow& row : preset_rows()) origins_.erase(std::string(row.option));
    for (const char* curve : {"charge_cell_curve", "discharge_cell_curve"}) {
      option_named(curve).copy(fallback_, values_, 0);
      origins_.erase(curve);
    }
  }
}

void Resolution::apply(const Entry& entry) {
  const auto& [option, index] = entry.named;
  Settings said = values_;
  const bool is_value = option->set(said, index, entry.text);
  const auto broken = is_value ? range_broken_by(*option, said) : std::nullopt;
  lay(entry, said, is_value && !broken);
  if (!broken || entry.state == Entry::State::repeated) return;
  contradictions_.push_back({entry.line, entry.named.name() + " = " + entry.text + ": " + *broken, entry.named});
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

void Resolution::by_bluetooth() {
  const Named family{&option_named("bms"), 0};
  const Family* const known = find_family(values_.bms);
  if (known == nullptr || known->on_air.known()) return;
  contradictions_.push_back({.line = origin_of(family.name()).line,
                             .message = "bms = " + values_.bms + ": no board of " + std::string(known->title) +
                                        " is known that speaks Bluetooth LE",
                             .option = family,
                             .fallback = "the family of a board that is reached by Bluetooth is found out"});
  values_.bms.clear();
  origins_[family.name()] = {.from = "not by Bluetooth"};
}

void Resolution::finish() {
  for (const NeedsRule& rule : needs_rules()) check(rule);
  fit();
  for (const CapacityRule& rule : capacity_rules()) check(rule);
  if (unknown_chemistry_) {
    values_.charge.max_charge_current = {};
    origins_["max_charge_current"] = {.from = "chemistry unknown, " + place_of(*unknown_chemistry_)};
  }
  derive(values_);
  for (Contradiction& found : contradictions_) {
    if (found.fallback.empty()) found.fallback = in_use(found.option);
  }
}

/// What yields does not count as set any more, so that others, and itself, follow differently: all over again.
void Resolution::fit() {
  const auto let_others_follow = [this] {
    values_.fit.set.clear();
    for (const auto& [name, origin] : origins_) {
      const auto named = origin.configured ? battery_options().find(name) : std::nullopt;
      if (named) values_.fit.set.push_back(named->option->name);
    }
    let_follow(values_);
  };
  let_others_follow();
  for (std::size_t left = 2 * order_rules().size(); left > 0; --left) {
    const OrderRule* rule = broken_rule(values_);
    if (rule == nullptr) break;
    put_right(*rule);
    let_others_follow();
  }
  for (const Followed& followed : values_.fit.followed) {
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
  const double bound = bound_of(rule, values_);
  undo_following(values_);
  if (origin.configured) return give_up(yielding, "instead of " + place_of(origin.line));
  yielding.option->set_number(values_, bound);
  origins_[yielding.name()] = {.from = "follows " + std::string(other), .configured = true};
}

std::string Resolution::in_words(const OrderRule& rule) {
  const auto value = [&](const Side& side) {
    const std::string_view unit = option_named(side.option).unit;
    const auto follows = std::ranges::find(values_.fit.followed, side.option, &Followed::option);
    return " = " + number_text(*side.of(values_)) + (unit.empty() ? "" : " " + std::string(unit)) +
           (follows == values_.fit.followed.end() ? "" : " (follows " + std::string(follows->leader) + ")");
  };
  const bool reversed = *rule.lower.of(values_) >= *rule.upper.of(values_);
  const std::string how = rule.apart == 0 ? " must not be above " + rule.upper.text("")
                          : reversed      ? " must be below " + rule.upper.text("")
                                          : " must be " + words_of(rule);
  return rule.lower.text("") + value(rule.lower) + how + value(rule.upper);
}

void Resolution::check(const NeedsRule& rule) {
  const Option& option = option_named(rule.option);
  if (option.text(values_) != rule.word || !option_named(rule.needed).text(values_).empty()) return;
  const Origin& origin = origin_of(rule.option);
  const std::string message =
      std::string(rule.option) + " = " + std::string(rule.word) + " is of no use without " + std::string(rule.needed);
  const int line = origin.line;
  option.copy(fallback_, values_, 0);
  origins_[std::string(rule.option)].from = "instead of " + place_of(line);
  contradictions_.push_back({line, message, {&option, 0}});
}

void Resolution::check(const CapacityRule& rule) {
  const bool multiple = (values_.charge.*rule.place).c_rate;
  if (values_.bms != rule.bms || values_.battery.calibration.capacity_ah || !multiple) return;
  const std::string message = std::string(rule.option) + " = " + option_named(rule.option).text(values_) +
                              " is a multiple of the capacity, which this BMS does not tell; set capacity";
  contradictions_.push_back({.line = origin_of(rule.option).line,
                             .message = message,
                             .option = {&option_named(rule.option), 0},
                             .fallback = std::string(rule.fallback)});
}

std::string Resolution::in_use(const Named& named) {
  if (unknown_chemistry_ && named.option->name == chemistry_option) return "nothing is charged";
  return Layers::in_use(named);
}

std::string Resolution::origin(const Named& named) const {
  const bool by_preset = origin_of(named.name()).from.empty() && in_preset(named.option->name);
  if (!by_preset || !origin_of(chemistry_option).configured) return Layers::origin(named);
  return "preset " + std::string(name_of(values_.chemistry));
}

}  // namespace bms::config
