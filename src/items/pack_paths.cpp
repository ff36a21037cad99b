// Single packs: the stock GUI's page "Individual battery info", and what is shown of the packs of a bank besides. A
// battery that is no bank is its own pack.
#include <cstdint>
#include <optional>

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

/// Empty: it is no bank.
const PackView* pack_at(const View& view, std::size_t index) {
  const BankView* bank = view.facts.who.bank;
  return bank && index < bank->packs.size() ? &bank->packs[index] : nullptr;
}

ValueView while_fresh(const View& view, ValueView (*source)(const View&)) {
  return trusted(Lasts::fresh, view.battery.contact) ? source(view) : ValueView{};
}

/// A number of a pack of a bank, else of the battery itself.
template <auto OfPack, auto Otherwise>
ValueView number(const View& view, std::size_t index) {
  if (const PackView* pack = pack_at(view, index)) return real(pack->*OfPack);
  return while_fresh(view, Otherwise);
}

ValueView capacity(const View& view, std::size_t index) {
  const PackView* pack = pack_at(view, index);
  return real(pack ? pack->capacity_ah : view.battery.estimate.capacity_ah);
}

template <auto OfPack, auto OfDevice>
ValueView words(const View& view, std::size_t index) {
  if (const PackView* pack = pack_at(view, index)) return text_unless_empty(pack->*OfPack);
  return text_unless_empty(view.battery.device.*OfDevice);
}

ValueView status_of_pack(const View& view, std::size_t index) {
  return pack_at(view, index) ? ValueView{} : while_fresh(view, status);
}

ValueView cell_of_pack_v(const View& view, std::size_t index) {
  const CellOfPack place = cell_of_pack(index);
  if (const PackView* pack = pack_at(view, place.pack)) {
    return place.cell < pack->cells_v.size() ? ValueView{pack->cells_v[place.cell]} : ValueView{};
  }
  const auto& cells_v = view.battery.reading.cells_v;
  const bool known = trusted(Lasts::fresh, view.battery.contact) && place.cell < cells_v.size();
  return known ? ValueView{cells_v[place.cell]} : ValueView{};
}

// ----- of packs of a bank alone

template <auto Member>
ValueView number_in_bank(const View& view, std::size_t index) {
  const PackView* pack = pack_at(view, index);
  return pack ? real(pack->*Member) : ValueView{};
}

template <auto Member>
ValueView words_in_bank(const View& view, std::size_t index) {
  const PackView* pack = pack_at(view, index);
  return pack ? text_unless_empty(pack->*Member) : ValueView{};
}

ValueView excluded(const View& view, std::size_t index) {
  const PackView* pack = pack_at(view, index);
  return pack ? flag(std::optional(pack->excluded)) : ValueView{};
}

using enum Lasts;

// A pack that is heard has values although the bank has none: `always`, and empty where it is silent itself.
constexpr NumberedPath pack_table[] = {
    {"/Battery/<n>/Serial", Each::pack, word, always, words<&PackView::serial, &DeviceInfo::serial>, "as /Serial"},
    {"/Battery/<n>/FwVersion", Each::pack, word, always, words<&PackView::firmware, &DeviceInfo::firmware>,
     "as /FirmwareVersion"},
    {"/Battery/<n>/Capacity", Each::pack, copied(whole_ampere_hours), always, capacity, "as /InstalledCapacity"},
    {"/Battery/<n>/Status", Each::pack, count, always, status_of_pack,
     "bits as gui-v2 names them: balancing and alarms; not of a pack of a bank"},
    {"/Battery/<n>/Voltage", Each::pack, copied(pack_volts), always,
     number<&PackView::voltage_v, measured<&Reading::voltage_v>>, "as /Dc/0/Voltage"},
    {"/Battery/<n>/Current", Each::pack, copied(amperes), always,
     number<&PackView::current_a, measured<&Reading::current_a>>, "as /Dc/0/Current"},
    {"/Battery/<n>/Temperature", Each::pack, copied(degrees), always,
     number<&PackView::temperature_c, derived<&Derived::mean_temperature_c>>,
     "as /Dc/0/Temperature; of a pack of a bank its warmest sensor"},
    {"/Battery/<n>/Cell/<c>/Voltage", Each::pack_cell, copied(cell_volts), always, cell_of_pack_v,
     "as /Voltages/Cell<n>"},

    {"/Battery/<n>/Name", Each::bank_pack, word, always, words_in_bank<&PackView::name>, "of a pack, as configured"},
    {"/Battery/<n>/Standing", Each::bank_pack, word, always, words_in_bank<&PackView::standing>,
     "of a pack: in use, returning, silent, excluded, not seen yet"},
    {"/Battery/<n>/Soc", Each::bank_pack, copied(percent), always, number_in_bank<&PackView::soc_pct>, "of a pack"},
    {"/Battery/<n>/ChargeLimit", Each::bank_pack, limit_amperes, always, number_in_bank<&PackView::charge_limit_a>,
     "of a pack, as it counts"},
    {"/Battery/<n>/DischargeLimit", Each::bank_pack, limit_amperes, always,
     number_in_bank<&PackView::discharge_limit_a>, "of a pack, as it counts"},
    {"/Settings/Exclude/<n>", Each::bank_pack, count, always, excluded,
     "1: the pack is left out of the bank, for service, without alarms", Writable::exclude_pack},
};

}  // namespace

std::span<const NumberedPath> pack_paths() { return pack_table; }

}  // namespace bms::items
