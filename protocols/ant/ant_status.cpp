// What a status frame says, in SI units; the same facts from either protocol.
#include "ant/ant_status.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>
#include <string>

#include "ant/ant_bytes.hpp"
#include "ant/ant_tables.hpp"
#include "bms/words.hpp"

namespace bms::ant {
namespace {

// New payload: a fixed head, the cells, the probes, and a tail of which newer firmware sends more.
constexpr std::size_t new_head_size = 28;
constexpr std::size_t new_fixed_size = 106;
constexpr std::size_t minutes_to_full_offset = 86;

constexpr std::size_t old_frame_size = 140;
constexpr std::size_t old_cells_offset = 6;
constexpr std::size_t old_probes_offset = 95;
constexpr std::size_t old_probes = 4;
constexpr std::size_t old_count_offset = 123;

// Counts are divided, not multiplied: 5284 / 100.0 is exactly 52.84.
constexpr double micro = 1e6;
constexpr double milli = 1e3;

constexpr int not_fitted = -40;

std::optional<double> temperature(std::int16_t raw) {
  if (raw == not_fitted) return std::nullopt;
  return raw;
}

NewDetails decode_details(Bytes payload, Bytes tail) {
  NewDetails details;
  details.permission_level = payload[0];
  details.state = payload[1];
  details.protection = u64_le(payload, 4);
  details.warnings = u64_le(payload, 12);
  details.soh_pct = u16_le(tail, 10);
  details.chemistry = u16_le(tail, 60);
  details.total_discharge_ah = u32_le(tail, 62) / milli;
  details.total_charge_ah = u32_le(tail, 66) / milli;
  details.total_discharge_s = u32_le(tail, 70);
  details.total_charge_s = u32_le(tail, 74);
  if (tail.size() >= minutes_to_full_offset + 2) details.minutes_to_full = u16_le(tail, minutes_to_full_offset);
  return details;
}

bool spare_slots_empty(Bytes frame, std::size_t cells) {
  constexpr std::size_t slots_size = 2 * max_ant_cells;
  return std::ranges::all_of(frame.subspan(old_cells_offset, slots_size).subspan(2 * cells),
                             [](std::uint8_t byte) { return byte == 0; });
}

/// Collects the first thing that is wrong.
class Doubts {
 public:
  void expect(std::string_view what, double value, double low, double high, std::string_view unit) {
    if (error_ || (value >= low && value <= high)) return;
    std::ostringstream text;
    text << what << " of " << value << ' ' << unit << ", expected " << low << " to " << high;
    error_ = Error{ErrorKind::implausible, text.str(), std::nullopt};
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<Error> error_;
};

bool sense_wire_loose(const Status& status) {
  if (status.charge_code == fet_sense_wire_loose || status.discharge_code == fet_sense_wire_loose) return true;
  return status.newer && (status.newer->protection >> open_sense_wire_bit & 1U) != 0;
}

}  // namespace

bool new_status_fits(Bytes payload) {
  if (payload.size() < new_fixed_size) return false;
  const std::size_t probes = payload[2];
  const std::size_t cells = payload[3];
  return cells >= 1 && cells <= max_ant_cells && probes <= max_ant_probes &&
         payload.size() >= new_fixed_size + 2 * (cells + probes);
}

Result<Status> decode_new_status(Bytes payload) {
  if (!new_status_fits(payload))
    return failure(ErrorKind::length, "status: " + std::to_string(payload.size()) +
                                          " bytes do not fit the numbers of cells and probes in them");
  const std::size_t probes = payload[2];
  const std::size_t cells = payload[3];
  const Bytes tail = payload.subspan(new_head_size + 2 * (cells + probes));

  Status status;
  for (std::size_t i = 0; i < cells; ++i) status.cells_v.push_back(u16_le(payload, new_head_size + 2 * i) / milli);
  for (std::size_t i = 0; i < probes; ++i)
    status.temperatures_c.push_back(temperature(s16_le(payload, new_head_size + 2 * (cells + i))));
  status.fet_temperature_c = temperature(s16_le(tail, 0));
  status.balancer_temperature_c = temperature(s16_le(tail, 2));
  status.voltage_v = u16_le(tail, 4) / 100.0;
  status.current_a = -s16_le(tail, 6) / 10.0;
  status.soc_pct = u16_le(tail, 8);
  // Discharge first: a recorded session switches one FET after the other, and packs locked by over-voltage agree. The
  // component for ESPHome has the two the other way round.
  status.discharge_code = tail[12];
  status.charge_code = tail[13];
  status.balancer_code = tail[14];
  status.full_ah = u32_le(tail, 16) / micro;
  status.remaining_ah = u32_le(tail, 20) / micro;
  status.cycle_capacity_ah = u32_le(tail, 24) / milli;
  status.runtime_s = u32_le(tail, 32);
  status.balancing = u32_le(tail, 36);
  status.newer = decode_details(payload, tail);
  return status;
}

Result<Status> decode_old_status(Bytes frame) {
  const std::size_t cells = frame.size() == old_frame_size ? frame[old_count_offset] : 0;
  if (cells < 1 || cells > max_ant_cells)
    return failure(ErrorKind::length, "status: " + counted(frame.size(), "byte") + " that count " +
                                          counted(cells, "cell") + ", expected 140 and 1 to 32");

  Status status;
  status.voltage_v = u16_be(frame, 4) / 10.0;
  for (std::size_t i = 0; i < cells; ++i) status.cells_v.push_back(u16_be(frame, old_cells_offset + 2 * i) / milli);
  status.current_a = static_cast<double>(-std::int64_t{s32_be(frame, 70)}) / 10.0;
  status.soc_pct = frame[74];
  status.full_ah = u32_be(frame, 75) / micro;
  status.remaining_ah = u32_be(frame, 79) / micro;
  status.cycle_capacity_ah = u32_be(frame, 83) / milli;
  status.runtime_s = u32_be(frame, 87);
  status.fet_temperature_c = temperature(s16_be(frame, 91));
  status.balancer_temperature_c = temperature(s16_be(frame, 93));
  for (std::size_t i = 0; i < old_probes; ++i)
    status.temperatures_c.push_back(temperature(s16_be(frame, old_probes_offset + 2 * i)));
  status.charge_code = frame[103];
  status.discharge_code = frame[104];
  status.balancer_code = frame[105];
  status.balancing = u32_be(frame, 132);
  status.older = OldDetails{.highest_mv = u16_be(frame, 116),
                            .lowest_mv = u16_be(frame, 119),
                            .average_mv = u16_be(frame, 121),
                            .spare_slots_empty = spare_slots_empty(frame, cells)};
  return status;
}

std::optional<double> cycles_of(const Status& status) {
  if (status.full_ah <= 0) return std::nullopt;
  return std::floor(status.cycle_capacity_ah / status.full_ah);
}

std::optional<Error> unusable(const Status& status, const Agreement& agreement) {
  Doubts doubts;
  for (const double cell_v : status.cells_v) doubts.expect("a cell", cell_v, 0, 5, "V");
  doubts.expect("a pack", status.voltage_v, 2, 150, "V");
  if (!sense_wire_loose(status)) {
    const double sum_v = std::accumulate(status.cells_v.begin(), status.cells_v.end(), 0.0);
    const double tolerance_v = agreement.tolerance_v + agreement.tolerance_ratio * sum_v;
    doubts.expect("a pack", status.voltage_v, sum_v - tolerance_v, sum_v + tolerance_v, "V by the sum of its cells");
  }
  return doubts.error();
}

std::optional<Error> implausible(const Status& status, const Agreement& agreement) {
  if (auto error = unusable(status, agreement)) return error;
  Doubts doubts;
  doubts.expect("a state of charge", status.soc_pct, 0, 100, "%");
  doubts.expect("a current", status.current_a, -1500, 1500, "A");
  return doubts.error();
}

}  // namespace bms::ant
