// What the battery does: voltage, current, charge, state.
#include "items/battery_paths.hpp"

#include <algorithm>
#include <optional>

#include "items/path_sources.hpp"

namespace bms::items {
namespace {

constexpr Kind watts{Type::real, {0, "W"}, {.counts_per_unit = 1}};
constexpr Kind deviation{Type::real, {1, "%"}, {.counts_per_unit = 100}};

/// What is missing to full by the SoC that is shown, else as the BMS reports it.
ValueView consumed(const View& view) {
  const Estimate& estimate = view.battery.estimate;
  if (!estimate.capacity_ah || !estimate.remaining_ah) return real(view.battery.derived.consumed_ah);
  return taken_out(*estimate.capacity_ah - *estimate.remaining_ah);
}

/// Venus shows it as a row of its own, which is what makes a silent BMS visible beside its alarm: the screen draws
/// invalid voltages and currents as 0, and "running" beside them looks like a battery at rest.
ValueView state(const View& view) {
  constexpr std::int32_t initializing = 0;
  constexpr std::int32_t running = 9;
  constexpr std::int32_t error = 10;
  constexpr std::int32_t standby = 14;
  switch (view.battery.contact) {
    case Contact::never: return initializing;
    case Contact::fresh: return running;
    case Contact::returning: return standby;
    case Contact::stale:
    case Contact::kept:
    case Contact::releasing:
    case Contact::lost: break;
  }
  return error;
}

/// A board may have inputs for sensors and no sensors; one that has failed is there all the same.
ValueView has_sensor(const View& view) {
  const auto& sensors = view.battery.reading.temperatures_c;
  const bool any = std::ranges::any_of(sensors, [](const auto& sensor_c) { return sensor_c.has_value(); });
  return flag(any || view.battery.protection_expected || view.battery.faulty_sensors > 0);
}
ValueView cell_count(const View& view) { return static_cast<std::int32_t>(view.battery.cell_count); }
std::int32_t modules(const View& view) { return static_cast<std::int32_t>(view.battery.reading.modules); }
ValueView online(const View& view) {
  if (view.facts.who.bank) return std::int32_t{view.facts.who.bank->online};
  return view.battery.measurements_valid() ? modules(view) : std::int32_t{0};
}
ValueView offline(const View& view) {
  if (view.facts.who.bank) return std::int32_t{view.facts.who.bank->offline};
  return view.battery.measurements_valid() ? std::int32_t{0} : modules(view);
}
ValueView packs(const View& view) {
  const BankView* bank = view.facts.who.bank;
  return static_cast<std::int32_t>(bank ? bank->packs.size() : 1);
}
template <bool Series>
ValueView packs_in(const View& view) {
  const BankView* bank = view.facts.who.bank;
  return bank && bank->series == Series ? packs(view) : std::int32_t{1};
}

template <auto Member, int BankView::* Count>
ValueView blocked(const View& view) {
  if (view.facts.who.bank) return std::int32_t{view.facts.who.bank->*Count};
  const std::optional<bool> allowed = view.limits.*Member;
  return flag(allowed ? std::optional<bool>{!*allowed} : std::nullopt);
}

ValueView balancing(const View& view) {
  const auto& cells = view.battery.reading.balancing;
  return flag(cells ? std::optional<bool>{cells->any()} : std::nullopt);
}

ValueView balancer_status(const View& view) {
  constexpr std::int32_t unknown = 0;
  constexpr std::int32_t balanced = 1;
  constexpr std::int32_t is_balancing = 2;
  constexpr std::int32_t imbalance = 3;
  const auto& cells = view.battery.reading.balancing;
  if (view.battery.alarms[Alarm::cell_imbalance].value_or(AlarmLevel::ok) != AlarmLevel::ok) return imbalance;
  if (!cells) return unknown;
  return cells->any() ? is_balancing : balanced;
}

ValueView heating(const View& view) { return flag(view.battery.reading.heating); }
constexpr Presence tells_heating{
    [](const Battery& battery, const Introduction&) { return battery.reading.heating.has_value(); },
    "where the BMS says so"};

/// What is counted by ourselves can be set by hand, what the BMS counts only by a command of its family, and what
/// another battery says not at all.
ValueView soc_setting(const View& view) {
  return soc_can_be_set(view) ? real(view.battery.estimate.soc_pct) : ValueView{};
}

template <auto Member>
ValueView last_order(const View& view) {
  const auto& order = view.battery.last_order;
  return order ? text(*order.*Member) : ValueView{};
}

using enum Lasts;

constexpr Path battery_table[] = {
    {"/Dc/0/Voltage", pack_volts, fresh, measured<&Reading::voltage_v>, "of the pack"},
    {"/Dc/0/Current", amperes, fresh, measured<&Reading::current_a>, "positive while charging"},
    {"/Dc/0/Power", watts, fresh, derived<&Derived::power_w>, "positive while charging"},
    {"/Dc/0/Temperature", degrees, fresh, derived<&Derived::mean_temperature_c>, "mean of all sensors"},
    {"/Dc/0/MidVoltage", pack_volts, fresh, estimated<&Estimate::mid_voltage_v>, "of the lower half of the cells"},
    {"/Dc/0/MidVoltageDeviation", deviation, fresh, estimated<&Estimate::mid_deviation_pct>,
     "positive: the upper half is higher"},
    {"/CurrentAvg", amperes, fresh, estimated<&Estimate::average_current_a>, "of the last minutes"},
    {"/Soc", percent, held, estimated<&Estimate::soc_pct>, "state of charge, of the chosen source"},
    {"/SocBms", percent, fresh, measured<&Reading::soc_pct>, "state of charge, as the BMS counts"},
    {"/Settings/Soc", percent, held, soc_setting, "as /Soc; writing it says what the SoC is. Invalid: it cannot be set",
     Writable::set_soc},
    {"/Info/LastOrder", word, always, last_order<&LastOrder::what>, "what the BMS was told to do last, for people"},
    {"/Info/LastOrderOutcome", word, always, last_order<&LastOrder::outcome>,
     "\"waiting\", \"done\", \"not done\" and why, or \"unconfirmed\": whether it was done is not known"},
    {"/Soh", percent, fresh, measured<&Reading::soh_pct>, "state of health"},
    {"/ConsumedAmphours", ampere_hours, fresh, consumed, "0 or negative: what is missing to full"},
    {"/TimeToGo", seconds, fresh, estimated<&Estimate::time_to_go_s>, "until empty; invalid when not discharging"},
    {"/InstalledCapacity", whole_ampere_hours, always, estimated<&Estimate::capacity_ah>,
     "configured, else learned, else nominal"},
    {"/Capacity", ampere_hours, fresh, estimated<&Estimate::remaining_ah>, "what is left"},
    {"/Balancing", count, fresh, balancing, "1 while any cell is balanced"},
    {"/Balancer/Status", count, fresh, balancer_status, "0 unknown, 1 balanced, 2 balancing, 3 imbalance"},
    {"/Heating", count, fresh, heating, "1 while the BMS warms the cells", Writable::no, &tells_heating},
    {"/State", count, always, state,
     "9 running, 10 error: no contact with the BMS, 14 standby: it answers again and is about to be believed"},
    {"/Settings/HasTemperature", count, always, has_sensor, "1 with any sensor"},

    {"/System/NrOfCellsPerBattery", count, always, cell_count, "in series"},
    {"/System/NrOfBatteries", count, always, packs, "packs behind this service"},
    {"/System/BatteriesParallel", count, always, packs_in<false>, "of a bank: its packs, else 1"},
    {"/System/BatteriesSeries", count, always, packs_in<true>, "likewise"},
    {"/System/NrOfModulesOnline", count, always, online, "units of the BMS while it answers; packs of a bank"},
    {"/System/NrOfModulesOffline", count, always, offline, "units of the BMS while it does not; packs of a bank"},
    {"/System/NrOfModulesBlockingCharge", count, always, blocked<&Limits::allow_charge, &BankView::blocking_charge>,
     "0 or 1; packs of a bank"},
    {"/System/NrOfModulesBlockingDischarge", count, always,
     blocked<&Limits::allow_discharge, &BankView::blocking_discharge>, "0 or 1; packs of a bank"},
};

}  // namespace

bool trusted(Lasts trust, Contact contact) {
  switch (contact) {
    case Contact::fresh:
    case Contact::returning: return true;
    case Contact::stale:
    case Contact::kept: return trust != fresh;
    case Contact::releasing: return trust == until_lost || trust == always;
    case Contact::never:
    case Contact::lost: return trust == always;
  }
  return false;
}

bool soc_can_be_set(const View& view) {
  constexpr int bms = 0;
  constexpr int own = 1;
  const int source = view.user.soc_source.value_or(view.bounds.soc_source);
  return source == own || (source == bms && view.facts.who.bms_takes_soc);
}

std::array<std::span<const Path>, 11> battery_paths() {
  return {limit_paths(),     service_paths(), battery_table, cell_paths(),    cell_monitor_paths(), alarm_paths(),
          diagnosis_paths(), switch_paths(),  order_paths(), history_paths(), bank_paths()};
}

std::array<std::span<const NumberedPath>, 3> numbered_paths() {
  return {numbered_cell_paths(), numbered_diagnosis_paths(), pack_paths()};
}

std::string numbered(std::string_view path, std::size_t number, std::size_t cell) {
  std::string result{path};
  const auto fill_in = [&result](std::string_view placeholder, std::size_t which) {
    const std::size_t place = result.find(placeholder);
    if (place != std::string::npos) result.replace(place, placeholder.size(), std::to_string(which));
  };
  fill_in("<n>", number);
  fill_in("<c>", cell);
  return result;
}

}  // namespace bms::items
