// 13-byte frames, and what each command answers. Classic firmware builds every answer in the buffer of the last one and
// leaves there what a layout does not name: captures show the state of charge after the highest cell, and old cells in
// the slots after the last one.
#include "daly_a5_board.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "wire.hpp"

namespace bms::sim {
namespace {

constexpr std::uint8_t start_byte = 0xA5;
constexpr std::size_t frame_size = 13;
constexpr std::uint8_t first_host = 0x40;
constexpr std::uint8_t bluetooth_host = 0x80;
constexpr std::size_t bluetooth_frames = 16;

std::uint8_t sum_of(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end(), 0U) & 0xFFU);
}

template <class Bytes>
void put16(Bytes& to, std::size_t at, unsigned long value) {
  to[at] = static_cast<std::uint8_t>(value >> 8U & 0xFFU);
  to[at + 1] = static_cast<std::uint8_t>(value & 0xFFU);
}

template <class Bytes>
void put32(Bytes& to, std::size_t at, unsigned long value) {
  put16(to, at, value >> 16U & 0xFFFFU);
  put16(to, at + 2, value & 0xFFFFU);
}

template <class Bytes>
void put_pair(Bytes& to, std::size_t at, const unsigned (&pair)[2], unsigned factor = 1) {
  put16(to, at, pair[0] * factor);
  put16(to, at + 2, pair[1] * factor);
}

}  // namespace

std::optional<Answer> DalyA5Board::receive(std::uint8_t byte) {
  hear(byte);
  if (heard().size() < frame_size) return std::nullopt;
  const auto last = heard().last(frame_size);
  if (last[0] != start_byte || last[3] != 8 || last[12] != sum_of(last.first(frame_size - 1))) return std::nullopt;
  const std::vector<std::uint8_t> frame(last.begin(), last.end());
  forget();
  if (!answers_to(frame[1])) return std::nullopt;

  Data request{};
  std::copy_n(frame.begin() + 4, request.size(), request.begin());
  const bool writes = frame[2] < 0x40 || frame[2] >= 0xD9;
  if (writes) note_write({{"frame", hex(frame)}, {"command", frame[2]}, {"value", request[0]}});
  const std::vector<Data> answers = answer_to(frame[1], frame[2], request);
  if (answers.empty()) return std::nullopt;

  Answer answer{{}, hex(std::span(frame).subspan(2, 1))};
  for (const Data& data : answers) {
    std::vector<std::uint8_t> bytes{start_byte, static_cast<std::uint8_t>(options().address), frame[2], 8};
    bytes.insert(bytes.end(), data.begin(), data.end());
    bytes.push_back(sum_of(bytes));
    answer.bytes.insert(answer.bytes.end(), bytes.begin(), bytes.end());
  }
  return answer;
}

bool DalyA5Board::answers_to(std::uint8_t host) const {
  if (options().dialect == DalyOptions::Dialect::a5_bluetooth) return host == bluetooth_host;
  return host == first_host + options().address - 1 || (host == bluetooth_host && options().address == 1);
}

std::vector<DalyA5Board::Data> DalyA5Board::answer_to(std::uint8_t host, std::uint8_t command, const Data& request) {
  if (command >= 0x90 && command <= 0x98) return live(host, command);
  if (command >= 0x50 && command <= 0x63) return options().silent_parameters ? std::vector<Data>{} : parameter(command);
  if (command == 0xD8) return {buffer()};
  return order(command, request);
}

DalyA5Board::Data& DalyA5Board::buffer() {
  if (options().zero_fill) buffer_.fill(0);
  return buffer_;
}

std::vector<DalyA5Board::Data> DalyA5Board::live(std::uint8_t host, std::uint8_t command) {
  switch (command) {
    case 0x90: return {pack_state()};
    case 0x91: return {cell_range()};
    case 0x92: return {temperature_range()};
    case 0x93: return {fets()};
    case 0x94: return {status()};
    case 0x95: return cells(host == bluetooth_host);
    case 0x96: return temperatures();
    case 0x97: return {balancer()};
    default: return {failure_bytes()};
  }
}

DalyA5Board::Data DalyA5Board::pack_state() {
  measure();
  Data& to = buffer();
  put16(to, 0, voltage_100mv());
  put16(to, 2, 0);
  put16(to, 4, static_cast<unsigned long>(30000 - current_100ma()));  // more than 30000 is discharge
  put16(to, 6, soc_permille());
  return to;
}

DalyA5Board::Data DalyA5Board::cell_range() {
  std::size_t highest = 0;
  std::size_t lowest = 0;
  for (std::size_t cell = 1; cell < pack().cell_count(); ++cell) {
    if (cell_mv(cell) > cell_mv(highest)) highest = cell;
    if (cell_mv(cell) < cell_mv(lowest)) lowest = cell;
  }
  Data& to = buffer();
  put16(to, 0, cell_mv(highest));
  to[2] = static_cast<std::uint8_t>(highest + 1);
  put16(to, 3, cell_mv(lowest));
  to[5] = static_cast<std::uint8_t>(lowest + 1);
  return to;
}

DalyA5Board::Data DalyA5Board::temperature_range() {
  std::size_t highest = 0;
  std::size_t lowest = 0;
  for (std::size_t sensor = 1; sensor < pack().sensor_count(); ++sensor) {
    if (temperature_raw(sensor) > temperature_raw(highest)) highest = sensor;
    if (temperature_raw(sensor) < temperature_raw(lowest)) lowest = sensor;
  }
  const bool none = pack().sensor_count() == 0;
  Data& to = buffer();
  to[0] = static_cast<std::uint8_t>(none ? 0 : temperature_raw(highest));
  to[1] = static_cast<std::uint8_t>(highest + 1);
  to[2] = static_cast<std::uint8_t>(none ? 0 : temperature_raw(lowest));
  to[3] = static_cast<std::uint8_t>(lowest + 1);
  return to;
}

DalyA5Board::Data DalyA5Board::fets() {
  Data& to = buffer();
  to[0] = static_cast<std::uint8_t>(activity());
  to[1] = charge_fet() ? 1 : 0;
  to[2] = discharge_fet() ? 1 : 0;
  to[3] = heartbeat_++;
  put32(to, 4, remaining_mah());
  return to;
}

DalyA5Board::Data DalyA5Board::status() {
  Data& to = buffer();
  to[0] = static_cast<std::uint8_t>(pack().cell_count());
  to[1] = static_cast<std::uint8_t>(pack().sensor_count());
  to[2] = activity() == 1 ? 1 : 0;
  to[3] = activity() == 2 ? 1 : 0;
  to[4] = options().zero_fill ? 0x00 : 0x02;
  put16(to, options().zero_fill ? 6 : 5, cycles());
  return to;
}

std::vector<DalyA5Board::Data> DalyA5Board::cells(bool all_frames) {
  constexpr std::size_t each = 3;
  const std::size_t needed = (pack().cell_count() + each - 1) / each;
  std::vector<Data> frames;
  for (std::size_t frame = 0; frame < (all_frames ? bluetooth_frames : needed); ++frame) {
    Data& to = buffer();
    to[0] = static_cast<std::uint8_t>(frame + 1);
    for (std::size_t slot = 0; slot < each; ++slot) {
      const std::size_t cell = frame * each + slot;
      if (cell < pack().cell_count()) put16(to, 1 + 2 * slot, cell_mv(cell));
      if (frame >= needed) put16(to, 1 + 2 * slot, 0);
    }
    frames.push_back(to);
  }
  return frames;
}

std::vector<DalyA5Board::Data> DalyA5Board::temperatures() {
  constexpr std::size_t each = 7;
  std::vector<Data> frames;
  // Classic boards send a second frame, whatever it is good for.
  const std::size_t count =
      std::max<std::size_t>((pack().sensor_count() + each - 1) / each, options().zero_fill ? 1 : 2);
  for (std::size_t frame = 0; frame < count; ++frame) {
    Data& to = buffer();
    to.fill(0);
    if (options().zero_fill) std::fill(to.begin() + 5, to.end(), std::uint8_t{0xFF});
    to[0] = static_cast<std::uint8_t>(frame + 1);
    for (std::size_t slot = 0; slot < each; ++slot)
      if (const std::size_t sensor = frame * each + slot; sensor < pack().sensor_count())
        to[1 + slot] = static_cast<std::uint8_t>(temperature_raw(sensor));
    frames.push_back(to);
  }
  return frames;
}

DalyA5Board::Data DalyA5Board::balancer() {
  Data& to = buffer();
  for (std::size_t byte = 0; byte < 6; ++byte) to[byte] = static_cast<std::uint8_t>(balancing() >> (8 * byte) & 0xFFU);
  return to;
}

DalyA5Board::Data DalyA5Board::failure_bytes() {
  Data& to = buffer();
  for (std::size_t byte = 0; byte < 7; ++byte) to[byte] = static_cast<std::uint8_t>(failures() >> (8 * byte) & 0xFFU);
  to[7] = static_cast<std::uint8_t>(fault_code());
  return to;
}

std::vector<DalyA5Board::Data> DalyA5Board::parameter(std::uint8_t command) {
  using namespace daly_settings;
  Data& to = buffer();
  switch (command) {
    case 0x50:
      put32(to, 0, capacity_mah());
      put32(to, 4, nominal_cell_mv);
      return {to};
    case 0x53: to = {1, 0, production_date[0], production_date[1], production_date[2], 0xFF, 0xFF, 0}; return {to};
    case 0x57: return text(options().code, 5);
    case 0x59:
      put_pair(to, 0, cell_high_mv);
      put_pair(to, 4, cell_low_mv);
      return {to};
    case 0x5B:
      for (std::size_t i = 0; i < 2; ++i) {
        put16(to, 2 * i, 30000 - 10 * charge_limit_a[i]);
        put16(to, 4 + 2 * i, 30000 + 10 * discharge_limit_a[i]);
      }
      return {to};
    case 0x5F:
      put16(to, 0, balance_start_mv);
      put16(to, 2, balance_difference_mv);
      return {to};
    case 0x62: return text(options().software, 2);
    case 0x63: return text(options().hardware, 2);
    default: return {};
  }
}

std::vector<DalyA5Board::Data> DalyA5Board::text(const std::string& text, std::size_t frames) {
  constexpr std::size_t each = 7;
  std::vector<Data> result(frames);
  for (std::size_t frame = 0; frame < frames; ++frame) {
    result[frame][0] = static_cast<std::uint8_t>(frame + 1);
    for (std::size_t i = 0; i < each && frame * each + i < text.size(); ++i)
      result[frame][1 + i] = static_cast<std::uint8_t>(text[frame * each + i]);
  }
  return result;
}

std::vector<DalyA5Board::Data> DalyA5Board::order(std::uint8_t command, const Data& request) {
  switch (command) {
    case 0xD9: switch_discharge(request[0] == 1); break;
    case 0xDA: switch_charge(request[0] == 1); break;
    case 0x21: {
      const unsigned permille = request[6] * 256U + request[7];
      if (permille > 1000) return {};
      set_soc(permille / 10.0);
      buffer()[0] = 1;
      return {buffer_};
    }
    default: return {};
  }
  buffer()[0] = request[0];
  return {buffer_};
}

}  // namespace bms::sim
