// Single packs: the stock GUI's page "Individual battery info", and what a page for banks shows besides. A battery that
// is no bank is its own pack.
#include <algorithm>

#include "items/path_sources.hpp"

namespace bms::items {
namespace {

struct StatusBit {
  Alarm alarm;
  AlarmLevel from;  ///< the least level that sets the bit
  int bit;
};

// Bits as gui-v2 names them on its page "Individual battery info".
constexpr StatusBit status_bits[] = {
    {Alarm::cell_imbalance, AlarmLevel::warning, 1},
    {Alarm::high_voltage, AlarmLevel::warning, 3},
    {Alarm::low_voltage, AlarmLevel::warning, 4},
    {Alarm::low_charge_temperature, AlarmLevel::alarm, 5},
    {Alarm::high_charge_temperature, AlarmLevel::alarm, 6},
    {Alarm::internal_failure, AlarmLevel::alarm, 7},
    {Alarm::high_temperature, AlarmLevel::alarm, 8},
    {Alarm::high_cell_voltage, AlarmLevel::warning, 9},
    {Alarm::high_charge_current, AlarmLevel::warning, 11},
    {Alarm::high_charge_current, AlarmLevel::alarm, 12},
    {Alarm::high_discharge_current, AlarmLevel::warning, 13},
    {Alarm::high_discharge_current, AlarmLevel::alarm, 14},
    {Alarm::low_cell_voltage, AlarmLevel::warning, 15},
    {Alarm::low_temperature, AlarmLevel::alarm, 16},
};

ValueView status(const View& view) {
  constexpr std::uint32_t balanced = 1U << 0U;
  constexpr std::uint32_t imbalance = 1U << 1U;
  constexpr std::uint32_t is_balancing = 1U << 2U;
  const Reading& reading = view.battery.reading;
  std::uint32_t word_of_bits = 0;
  for (const StatusBit& entry : status_bits)
    if (view.battery.alarms[entry.alarm].value_or(AlarmLevel::ok) >= entry.from) word_of_bits |= 1U << entry.bit;
  if (reading.balancing && reading.balancing->any()) word_of_bits |= is_balancing;
  if (reading.balancing && (word_of_bits & (imbalance | is_balancing)) == 0) word_of_bits |= balanced;
  return static_cast<std::int32_t>(word_of_bits);
}

/// A value of a pack of a bank, else of the battery itself.
template <auto OfPack, auto Otherwise>
ValueView pack_value(const View& view, std::size_t index) {
  const auto& packs = view.battery.packs;
  if (packs.empty()) return Otherwise(view);
  return index < packs.size() ? real(packs[index].*OfPack) : ValueView{};
}

template <auto OfPack, auto OfDevice>
ValueView pack_text(const View& view, std::size_t index) {
  const auto& packs = view.battery.packs;
  if (packs.empty()) return text_unless_empty(view.battery.device.*OfDevice);
  return index < packs.size() ? text_unless_empty(packs[index].*OfPack) : ValueView{};
}

ValueView pack_status(const View& view, std::size_t /*index*/) {
  return view.battery.packs.empty() ? status(view) : ValueView{};
}

ValueView pack_cell(const View& view, std::size_t index) {
  const auto& packs = view.battery.packs;
  const std::size_t pack = index / max_cells;
  const std::size_t cell = index % max_cells;
  const auto& cells_v = packs.empty() || pack >= packs.size() ? view.battery.reading.cells_v : packs[pack].cells_v;
  return cell < cells_v.size() ? ValueView{cells_v[cell]} : ValueView{};
}

template <auto Member>
ValueView of_bank(const View& view, std::size_t index) {
  return index < view.battery.packs.size() ? real(view.battery.packs[index].*Member) : ValueView{};
}

ValueView pack_name(const View& view, std::size_t index) {
  return index < view.battery.packs.size() ? text(view.battery.packs[index].name) : ValueView{};
}

ValueView excluded(const View& view, std::size_t index) {
  return index < view.battery.packs.size() ? flag(std::optional(view.battery.packs[index].excluded)) : ValueView{};
}

using enum Lasts;

constexpr NumberedPath paths[] = {
    {"/Battery/<n>/Serial", Each::pack, word, always, pack_text<&Pack::serial, &DeviceInfo::serial>, "as /Serial"},
    {"/Battery/<n>/FwVersion", Each::pack, word, always, pack_text<&Pack::firmware, &DeviceInfo::firmware>,
     "as /FirmwareVersion"},
    {"/Battery/<n>/Capacity", Each::pack, copied(whole_ampere_hours), always,
     pack_value<&Pack::capacity_ah, estimated<&Estimate::capacity_ah>>, "as /InstalledCapacity"},
    {"/Battery/<n>/Status", Each::pack, count, fresh, pack_status,
     "bits as gui-v2 names them: balancing and alarms; not of a pack of a bank"},
    {"/Battery/<n>/Voltage", Each::pack, copied(pack_volts), fresh,
     pack_value<&Pack::voltage_v, measured<&Reading::voltage_v>>, "as /Dc/0/Voltage"},
    {"/Battery/<n>/Current", Each::pack, copied(amperes), fresh,
     pack_value<&Pack::current_a, measured<&Reading::current_a>>, "as /Dc/0/Current"},
    {"/Battery/<n>/Temperature", Each::pack, copied(degrees), fresh,
     pack_value<&Pack::temperature_c, derived<&Derived::mean_temperature_c>>,
     "as /Dc/0/Temperature; of a pack of a bank the hottest"},
    {"/Battery/<n>/Cell/<c>/Voltage", Each::pack_cell, copied(cell_volts), fresh, pack_cell, "as /Voltages/Cell<n>"},

    {"/Battery/<n>/Name", Each::bank_pack, word, always, pack_name, "of a pack, as it is configured"},
    {"/Battery/<n>/Soc", Each::bank_pack, copied(percent), fresh, of_bank<&Pack::soc_pct>, "of a pack"},
    {"/Battery/<n>/MaxChargeCurrent", Each::bank_pack, copied(limit_amperes), fresh, of_bank<&Pack::charge_limit_a>,
     "how much of it may be charged"},
    {"/Battery/<n>/MaxDischargeCurrent", Each::bank_pack, copied(limit_amperes), fresh,
     of_bank<&Pack::discharge_limit_a>, "how much it may be discharged"},
    {"/Settings/Exclude/<n>", Each::bank_pack, count, always, excluded,
     "1: the pack is left out of the bank, for service, without alarms", Writable::exclude_pack},
};

}  // namespace

std::span<const NumberedPath> pack_paths() { return paths; }

}  // namespace bms::items
