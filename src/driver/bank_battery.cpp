#include "driver/bank_battery.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "battery/facts.hpp"
#include "battery/last_errors.hpp"
#include "charge/staleness.hpp"
#include "driver/owner_config.hpp"

namespace bms::driver {

namespace {

std::optional<std::size_t> whole_number(std::optional<double> number) {
  return number ? std::optional(static_cast<std::size_t>(*number)) : std::nullopt;
}

void take_limit(charge::Amperes& limit, std::optional<double> of_bank_a, double packs) {
  if (of_bank_a) {
    limit = {.value = *of_bank_a};
    return;
  }
  // The capacity of the bank is that of its packs already.
  if (!limit.c_rate) limit.value *= packs;
  limit.at_most_a *= packs;
}

bool is_heard(bank::Standing standing) {
  return standing == bank::Standing::fresh || standing == bank::Standing::returning;
}

ShortText cell_id(const bank::MemberValue& value) {
  ShortText id("B");
  id.append(static_cast<double>(value.member + 1), 0);
  return value.cell > 0 ? id.append("C").append(static_cast<double>(value.cell), 0) : id;
}

ShortText cell_name(const bank::MemberValue& value, const bank::Config& config) {
  ShortText name(config.members[value.member].name);
  return value.cell > 0 ? name.append(", cell ").append(static_cast<double>(value.cell), 0) : name;
}

/// Extremes of cells, where the bank itself has none.
void take_extremes(const bank::Findings& findings, battery::Facts& facts) {
  if (facts.cells || !findings.lowest_cell || !findings.highest_cell) return;
  const double lowest_v = findings.lowest_cell->value;
  const double highest_v = findings.highest_cell->value;
  facts.cells = battery::CellFacts{.lowest_v = lowest_v,
                                   .highest_v = highest_v,
                                   .mean_v = (lowest_v + highest_v) / 2,
                                   .spread_v = highest_v - lowest_v,
                                   .lowest = findings.lowest_cell->cell,
                                   .highest = findings.highest_cell->cell};
}

}  // namespace

config::Settings bank_settings(config::Settings of_packs, const config::Bank& bank) {
  const bool series = bank.options.mode == config::BankMode::series;
  const double packs = series ? 1 : static_cast<double>(bank.members.size());
  take_limit(of_packs.charge.max_charge_current, bank.options.max_charge_a, packs);
  take_limit(of_packs.charge.max_discharge_current, bank.options.max_discharge_a, packs);
  // Its SoC is made of theirs, and its shunt has an option of its own.
  of_packs.battery.soc.source = battery::SocSource::bms;
  of_packs.external_battery.clear();
  of_packs.name.clear();
  return of_packs;
}

bank::Config bank_config(const config::Settings& settings, const config::Bank& bank, const UserSettings& user) {
  const config::BankOptions& options = bank.options;
  const auto& low_soc = settings.battery.alarms.low_soc;
  constexpr double never_pct = -1;
  bank::Config config{
      .wiring = options.mode == config::BankMode::series ? bank::Wiring::series : bank::Wiring::parallel,
      .min_members = whole_number(options.min_members),
      .has_shunt = !options.shunt.empty(),
      .charge = pipeline_config_of(settings, user).charge,
      .soc_of_lowest = options.soc_of_lowest,
      .low_soc_warning_pct = low_soc.warning.value_or(never_pct),
      .low_soc_alarm_pct = low_soc.alarm.value_or(never_pct)};
  config.members.reserve(bank.members.size());
  for (const std::string& member : bank.members) {
    config.members.push_back({.name = member,
                              .cells = whole_number(options.cells),
                              .capacity_ah = options.capacity_ah,
                              .max_charge_a = options.pack_max_charge_a,
                              .max_discharge_a = options.pack_max_discharge_a});
  }
  return config;
}

BankBattery::BankBattery(bank::Config config, battery::Config watching)
    : config_(std::move(config)), watching_(std::move(watching)), monitors_(config_.members.size()) {
  view_.series = config_.wiring == bank::Wiring::series;
  view_.packs.reserve(config_.members.size());
  for (const bank::MemberConfig& member : config_.members) view_.packs.push_back({.name = member.name});
}

void BankBattery::restore(const Remembered& what, std::optional<double> down_s) {
  kept_ = what.battery;
  state_.charge.kept = what.charge;
  charge::resume(state_.charge, down_s);
}

void BankBattery::follow(std::span<const bank::Member> members, const std::optional<bank::Shunt>& shunt,
                         const External& external, TimePoint now, double dt_s) {
  outcome_ = bank::combine(members, shunt, config_, state_, dt_s);
  Battery& battery = outcome_.battery;
  battery.device.family = "Bank";
  battery.read_at = now;
  battery.cells = cells_;
  estimate(external, dt_s);
  show_packs();
}

void BankBattery::introduce(std::size_t pack, const PackIdentity& who) {
  view_.packs[pack].serial = who.serial;
  view_.packs[pack].firmware = who.firmware;
}

void BankBattery::take_monitor(std::size_t pack, const bank::PackMonitor& monitor) {
  if (monitors_[pack] == monitor) return;
  monitors_[pack] = monitor;
  cells_ = bank::together(monitors_);
}

void BankBattery::estimate(const External& external, double dt_s) {
  Battery& battery = outcome_.battery;
  battery::Facts facts = battery::facts_of(battery, battery.estimate.capacity_ah);
  take_extremes(outcome_.findings, facts);
  if (battery.measurements_valid()) {
    const battery::Flow flow = counter_.follow(facts.current_a, facts.voltage_v, dt_s);
    averages_.follow(watching_.soc, facts, external, battery.estimate, dt_s);
    history_.follow(watching_, kept_, facts, flow, battery, dt_s);
    if (outcome_.findings.became_full) battery::HistoryCounter::became_full(kept_, facts.capacity_ah);
  }
  if (battery.contact != Contact::never) battery::note_errors(kept_, battery.alarms, external.unix_s);
  battery.history = battery::HistoryCounter::history_of(kept_, facts, battery.reading, watching_.history);
}

void BankBattery::show_packs() {
  const bank::Findings& findings = outcome_.findings;
  view_.online = findings.online;
  view_.offline = findings.offline;
  view_.blocking_charge = findings.blocking_charge;
  view_.blocking_discharge = findings.blocking_discharge;
  view_.error_code = findings.refusal == bank::Refusal::none ? 0 : bank::refusal_error_code;
  view_.voltage_imbalance = findings.voltage_imbalance;
  view_.current_imbalance = findings.current_imbalance;
  view_.soc_imbalance = findings.soc_imbalance;
  const auto show = [this](const std::optional<bank::MemberValue>& cell, ShortText& id, ShortText& name) {
    id = cell ? cell_id(*cell) : ShortText();
    name = cell ? cell_name(*cell, config_) : ShortText();
  };
  show(findings.lowest_cell, view_.lowest_cell_id, view_.lowest_cell_name);
  show(findings.highest_cell, view_.highest_cell_id, view_.highest_cell_name);
  // In parallel one that has not been seen has as many cells as the others, or it will be refused.
  const std::size_t usual_cells = view_.series ? 0 : outcome_.battery.cell_count;
  // A refused bank has no findings of single packs.
  for (std::size_t i = 0; i < view_.packs.size(); ++i) {
    const bank::Track& track = state_.tracks[i];
    PackView& pack = view_.packs[i];
    const bool heard = is_heard(track.standing);
    const bank::Told none;
    const bank::Told& told = heard ? track.told : none;
    pack.standing = name_of(track.standing);
    pack.excluded = track.standing == bank::Standing::excluded;
    if (const std::size_t cells = track.cells > 0 ? track.cells : usual_cells; cells > 0) pack.cell_count = cells;
    pack.voltage_v = told.voltage_v;
    pack.current_a = told.current_a;
    pack.soc_pct = told.soc_pct;
    pack.capacity_ah = told.capacity_ah;
    pack.temperature_c = told.hottest_c;
    pack.cells_v = told.cells_v;
    pack.charge_limit_a = heard ? std::optional(track.charge_limit_a) : std::nullopt;
    pack.discharge_limit_a = heard ? std::optional(track.discharge_limit_a) : std::nullopt;
  }
}

}  // namespace bms::driver
