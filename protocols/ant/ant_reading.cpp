// From a status to a Reading.
#include "ant/ant_reading.hpp"

#include <algorithm>
#include <iterator>

#include "ant/ant_tables.hpp"

namespace bms::ant {
namespace {

template <class Table>
void raise_fet(Alarms& alarms, const Table& table, std::uint8_t code) {
  for (const FetCode& row : table)
    if (row.alarm) alarms.raise(*row.alarm, row.code == code ? AlarmLevel::alarm : AlarmLevel::ok);
  // A reason that nobody has described: something keeps the FET open.
  if (find_code(table, code) == nullptr) alarms.raise(Alarm::internal_failure, AlarmLevel::warning);
}

template <class Table>
void raise_bits(Alarms& alarms, const Table& table, std::uint64_t mask) {
  for (std::size_t bit = 0; bit < table.size(); ++bit)
    if (table[bit].alarm) alarms.raise(*table[bit].alarm, (mask >> bit & 1U) != 0 ? table[bit].level : AlarmLevel::ok);
}

}  // namespace

Alarms alarms_of(const Status& status) {
  Alarms alarms;
  raise_fet(alarms, charge_codes, status.charge_code);
  raise_fet(alarms, discharge_codes, status.discharge_code);
  for (const BalancerCode& row : balancer_codes)
    if (row.warning)
      alarms.raise(*row.warning, row.code == status.balancer_code ? AlarmLevel::warning : AlarmLevel::ok);
  if (!status.newer) return alarms;
  raise_bits(alarms, protection_bits, status.newer->protection);
  raise_bits(alarms, warning_bits, status.newer->warnings);
  return alarms;
}

std::optional<Chemistry> chemistry_of(const NewDetails& details) {
  const auto* const row = std::ranges::find(chemistries, details.chemistry, &ChemistryCode::code);
  return row == chemistries.end() ? std::nullopt : row->chemistry;
}

Reading reading_of(const Status& status) {
  Reading reading;
  reading.voltage_v = status.voltage_v;
  reading.current_a = status.current_a;
  reading.soc_pct = status.soc_pct;
  // A capacity of 0 means not reported: some boards report neither.
  if (status.full_ah > 0) reading.design_capacity_ah = status.full_ah;
  if (status.remaining_ah > 0 || status.soc_pct == 0) reading.remaining_ah = status.remaining_ah;
  reading.cycles = cycles_of(status);
  reading.cells_v.assign(status.cells_v.begin(), status.cells_v.end());
  reading.balancing = std::bitset<max_cells>(status.balancing & ((std::uint64_t{1} << status.cells_v.size()) - 1));
  reading.temperatures_c.assign(status.temperatures_c.begin(), status.temperatures_c.end());
  reading.mos_temperature_c = status.fet_temperature_c;
  reading.charge_fet = status.charge_code == fet_on;
  reading.discharge_fet = status.discharge_code == fet_on;
  reading.alarms = alarms_of(status);
  if (status.newer) {
    const NewDetails& details = *status.newer;
    if (details.soh_pct >= 1 && details.soh_pct <= 100) reading.soh_pct = details.soh_pct;
    reading.chemistry = chemistry_of(details);
    reading.total_charged_ah = details.total_charge_ah;
    reading.total_discharged_ah = details.total_discharge_ah;
    reading.raw_protection = details.protection;
  } else {
    // There are no protection bits; the reasons of the FETs are what there is to log.
    reading.raw_protection = static_cast<std::uint64_t>(status.charge_code) << 8U | status.discharge_code;
  }
  return reading;
}

void ProbeFilter::apply(Reading& reading) {
  auto& probes = reading.temperatures_c;
  if (fitted_ > 0) {
    if (fitted_ < probes.size()) probes.resize(fitted_);
    return;
  }
  constexpr std::size_t doubtful = 2;
  for (std::size_t i = 0; i < std::size(alive_) && doubtful + i < probes.size(); ++i) {
    auto& probe = probes[doubtful + i];
    if (probe && *probe != 0) alive_[i] = true;
    if (!alive_[i]) probe.reset();
  }
}

}  // namespace bms::ant
