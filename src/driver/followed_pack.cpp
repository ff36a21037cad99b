#include "driver/followed_pack.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "bms/alarm.hpp"

namespace bms::driver {

namespace {

enum Path : std::size_t {
  voltage,
  current,
  temperature,
  soc,
  capacity,
  remaining,
  cycles,
  drawn,
  cell_count,
  lowest_cell,
  highest_cell,
  coldest,
  hottest,
  charge_fet,
  discharge_fet,
  balancing,
  heating,
  connected,
  serial_number,
  firmware_version,
  device,
  frame_counter,
  reading_age,
  own_charge_voltage,
  own_charge_current,
  own_discharge_current,
  member_charge_voltage,
  member_charge_current,
  member_discharge_current,
  member_state,
  fixed_paths
};

constexpr std::array<std::string_view, fixed_paths> fixed{"/Dc/0/Voltage",
                                                          "/Dc/0/Current",
                                                          "/Dc/0/Temperature",
                                                          "/Soc",
                                                          "/InstalledCapacity",
                                                          "/Capacity",
                                                          "/History/ChargeCycles",
                                                          "/History/TotalAhDrawn",
                                                          "/System/NrOfCellsPerBattery",
                                                          "/System/MinCellVoltage",
                                                          "/System/MaxCellVoltage",
                                                          "/System/MinCellTemperature",
                                                          "/System/MaxCellTemperature",
                                                          "/Io/AllowToCharge",
                                                          "/Io/AllowToDischarge",
                                                          "/Balancing",
                                                          "/Heating",
                                                          "/Connected",
                                                          "/Serial",
                                                          "/FirmwareVersion",
                                                          "/Mgmt/Connection",
                                                          "/Info/FrameCounter",
                                                          "/Info/LastReadingAge",
                                                          "/Info/MaxChargeVoltage",
                                                          "/Info/MaxChargeCurrent",
                                                          "/Info/MaxDischargeCurrent",
                                                          "/Member/Limit/ChargeVoltage",
                                                          "/Member/Limit/ChargeCurrent",
                                                          "/Member/Limit/DischargeCurrent",
                                                          "/Member/State"};

/// The fixed ones, then alarms, then cells.
struct Paths {
  std::vector<std::string> texts;
  std::vector<std::string_view> views;
  std::size_t first_alarm = fixed.size();
  std::size_t first_cell = first_alarm + std::size(alarm_effects);

  Paths() {
    texts.reserve(first_cell + max_cells);
    for (const std::string_view path : fixed) texts.emplace_back(path);
    for (const AlarmEffect& effect : alarm_effects) texts.push_back("/Alarms/" + std::string(effect.venus_name));
    for (std::size_t cell = 1; cell <= max_cells; ++cell) texts.push_back("/Voltages/Cell" + std::to_string(cell));
    views.assign(texts.begin(), texts.end());
  }
};

const Paths& paths() {
  static const Paths all;
  return all;
}

std::optional<bool> flag_of(std::optional<double> number) {
  return number ? std::optional(*number != 0) : std::nullopt;
}

std::string_view behind_last(std::string_view text, char separator) {
  const std::size_t place = text.rfind(separator);
  return place == std::string_view::npos ? text : text.substr(place + 1);
}

}  // namespace

FollowedPack::FollowedPack(bus::BusConnection& bus, const std::string& name, const std::string& owner,
                           const std::string& heartbeats)
    : service_(bus, name, owner, paths().views, [this] { changed_ = true; }),
      heartbeat_(heartbeats, name.substr(service_class.size())) {}

bool FollowedPack::is(std::string_view member) const {
  const std::string_view place = std::string_view(service_.name()).substr(service_class.size());
  if (place == member || place.ends_with(member)) return true;
  const std::string serial_text = serial();
  if (!serial_text.empty() && (serial_text == member || behind_last(member, ':') == serial_text)) return true;
  const std::string connection = service_.text(device);
  return !connection.empty() && (connection == member || behind_last(connection, '/') == member);
}

std::string FollowedPack::serial() const { return service_.text(serial_number); }
std::string FollowedPack::firmware() const { return service_.text(firmware_version); }

bool FollowedPack::has_own_limits() const { return service_.has(own_charge_voltage); }
bool FollowedPack::is_ours() const { return service_.has(frame_counter) || service_.has(reading_age); }

/// Looks for the newest sign that what it says is true.
void FollowedPack::note_sign(Clock::time_point now) {
  const auto beat = is_ours() ? heartbeat_.last() : std::nullopt;
  const auto counter = service_.number(frame_counter);
  const bool moved = std::exchange(counter_, counter) != counter && counter.has_value();
  const bool changed = std::exchange(changed_, false);
  std::optional<Clock::time_point> sign;
  if (beat)
    sign = beat;
  else if (is_ours() ? moved : changed)
    sign = now;
  if (!sign || (true_at_ && *sign <= *true_at_)) return;
  true_at_ = sign;
  ++signs_;
}

bank::Member FollowedPack::look(Clock::time_point now) {
  if (!answered()) return {};
  note_sign(now);
  bank::Member member{.present = service_.number(connected) == 1.0, .foreign = !is_ours()};
  if (true_at_) member.age_s = std::chrono::duration<double>(now - *true_at_).count();
  member.signs = signs_;
  member.freshness_told = is_ours();
  member.told = bank::sane(told());
  return member;
}

bank::Told FollowedPack::told() const {
  const auto number = [this](std::size_t path) { return service_.number(path); };
  bank::Told told{.voltage_v = number(voltage),
                  .current_a = number(current),
                  .soc_pct = number(soc),
                  .capacity_ah = number(capacity),
                  .remaining_ah = number(remaining),
                  .cycles = number(cycles),
                  .lowest_cell_v = number(lowest_cell),
                  .highest_cell_v = number(highest_cell),
                  .coldest_c = number(coldest),
                  .hottest_c = number(hottest),
                  .charge_fet = flag_of(number(charge_fet)),
                  .discharge_fet = flag_of(number(discharge_fet)),
                  .balancing = flag_of(number(balancing)),
                  .heating = flag_of(number(heating))};
  if (const auto drawn_ah = number(drawn)) told.drawn_ah = std::abs(*drawn_ah);
  if (!told.coldest_c) told.coldest_c = told.hottest_c = number(temperature);
  const auto cells = number(cell_count).value_or(0);
  told.cell_count = cells >= 1 && cells <= max_cells ? static_cast<std::size_t>(cells) : 0;
  for (std::size_t cell = 0; cell < max_cells; ++cell) {
    const auto cell_v = number(paths().first_cell + cell);
    if (!cell_v) break;
    told.cells_v.push_back(*cell_v);
  }
  // A hole in the row would give the others wrong numbers.
  if (told.cell_count > 0 && told.cells_v.size() != told.cell_count) told.cells_v.clear();
  std::size_t path = paths().first_alarm;
  for (const AlarmEffect& effect : alarm_effects) {
    const auto level = number(path++);
    if (level && *level >= 0 && *level <= 2)
      told.alarms.set(effect.alarm, static_cast<AlarmLevel>(static_cast<int>(*level)));
  }
  const bool as_member = service_.has(member_charge_voltage);
  told.charge_voltage_v = number(as_member ? member_charge_voltage : own_charge_voltage);
  told.charge_current_a = number(as_member ? member_charge_current : own_charge_current);
  told.discharge_current_a = number(as_member ? member_discharge_current : own_discharge_current);
  if (const auto state = number(member_state); state && *state >= 0 && *state <= 5)
    told.state = static_cast<ChargeState>(static_cast<int>(*state));
  return told;
}

}  // namespace bms::driver
