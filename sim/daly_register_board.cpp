// Registers, and how they are read and written. Maps: patagonaa/esphome-daly-hkms-bms, syssi/esphome-daly-bms
// (captures).
#include "daly_register_board.hpp"

#include <algorithm>
#include <utility>

#include "daly_failures.hpp"
#include "wire.hpp"

namespace bms::sim {
namespace {

constexpr unsigned registers_read = 0x03;
constexpr unsigned registers_write = 0x06;
constexpr unsigned most_registers = 125;
constexpr unsigned bad_value = 3;
constexpr unsigned absent_temperature = 0xFF;

std::uint8_t byte_of(unsigned value) { return static_cast<std::uint8_t>(value & 0xFFU); }

bool sound(std::span<const std::uint8_t> frame) { return crc16(frame) == 0; }

/// Two characters of a text in one register.
unsigned characters(std::string_view text, std::size_t index) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  return at(2 * index) * 256 + at(2 * index + 1);
}

std::string backwards(std::string text) {
  std::ranges::reverse(text);
  return text;
}

}  // namespace

std::optional<Answer> DalyRegisterBoard::receive(std::uint8_t byte) {
  hear(byte);
  const auto bytes = heard();
  std::vector<std::uint8_t> answer;
  unsigned address = 0;
  if (bytes.size() >= 8) {
    const auto frame = bytes.last(8);
    if (frame[0] != asked_at() || !sound(frame) || (frame[1] != registers_read && frame[1] != registers_write))
      return std::nullopt;
    address = frame[2] * 256U + frame[3];
    const unsigned value = frame[4] * 256U + frame[5];
    answer = frame[1] == registers_read ? read(address, value) : write(address, value, frame);
  }
  if (answer.empty()) return std::nullopt;
  forget();
  const std::uint8_t name[] = {byte_of(address >> 8U), byte_of(address)};
  return Answer{answer, hex(name)};
}

std::vector<std::uint8_t> DalyRegisterBoard::refusal(unsigned function, unsigned code) const {
  std::vector<std::uint8_t> frame{byte_of(answers_from()), byte_of(function | 0x80U), byte_of(code)};
  put_low_first(frame, crc16(frame));
  return frame;
}

std::vector<std::uint8_t> DalyRegisterBoard::read(unsigned first, unsigned count) {
  if (count == 0 || count > most_registers) return refusal(registers_read, bad_value);
  if (first == 0) measure();
  std::vector<std::uint8_t> frame{byte_of(answers_from()), byte_of(registers_read), byte_of(2 * count)};
  bool known = false;
  for (unsigned address = first; address < first + count; ++address) {
    const auto value = value_of(address);
    known |= value.has_value();
    frame.push_back(byte_of(value.value_or(0xFFFF) >> 8U));
    frame.push_back(byte_of(value.value_or(0xFFFF)));
  }
  put_low_first(frame, crc16(frame));
  if (!known && options().unknown == DalyOptions::Unknown::silent) return {};
  if (!known && options().unknown == DalyOptions::Unknown::repeat) return last_answer_;
  return last_answer_ = frame;
}

std::vector<std::uint8_t> DalyRegisterBoard::write(unsigned address, unsigned value,
                                                   std::span<const std::uint8_t> frame) {
  note_write({{"frame", hex(frame)}, {"register", address}, {"value", value}});
  const auto is = [&](unsigned d2, unsigned p81) { return address == (is_d2() ? d2 : p81); };
  if (is(0xA5, 0x121)) {
    switch_charge(value == 1);
  } else if (is(0xA6, 0x122)) {
    switch_discharge(value == 1);
  } else if (is(0xA7, 0x116)) {
    if (value > 1000) return refusal(registers_write, bad_value);
    set_soc(value / 10.0);
  } else if (is(0xCF, 0xCF)) {
    if (value > 1) return refusal(registers_write, bad_value);
    allow_balancing(value == 1);
  }
  std::vector<std::uint8_t> answer{byte_of(answers_from())};
  answer.insert(answer.end(), frame.begin() + 1, frame.begin() + 6);
  put_low_first(answer, crc16(answer));
  return answer;
}

unsigned DalyRegisterBoard::cell_or_zero(std::size_t cell) const {
  return cell < pack().cell_count() ? cell_mv(cell) : 0;
}

unsigned DalyRegisterBoard::temperature_or_absent(std::size_t sensor) const {
  if (sensor >= pack().sensor_count()) return is_d2() ? 0 : absent_temperature;
  const unsigned raw = temperature_raw(sensor);
  return raw == 0 ? absent_temperature : raw;
}

unsigned DalyRegisterBoard::highest_cell() const {
  unsigned highest = 0;
  for (unsigned cell = 1; cell < pack().cell_count(); ++cell)
    if (cell_mv(cell) > cell_mv(highest)) highest = cell;
  return highest;
}

unsigned DalyRegisterBoard::lowest_cell() const {
  unsigned lowest = 0;
  for (unsigned cell = 1; cell < pack().cell_count(); ++cell)
    if (cell_mv(cell) < cell_mv(lowest)) lowest = cell;
  return lowest;
}

// More than 30000 is charge here, the opposite of the 0xA5 protocol.
unsigned DalyRegisterBoard::current_word() const { return static_cast<unsigned>(30000 + current_100ma()); }

std::optional<unsigned> DalyRegisterBoard::value_of(unsigned address) const {
  if (address == 0xCF) return balancing_allowed() ? 1 : 0;
  return is_d2() ? d2_value(address) : p81_value(address);
}

std::optional<unsigned> DalyRegisterBoard::d2_value(unsigned address) const {
  if (address < 0x20) return cell_or_zero(address);
  if (address < 0x28) return temperature_or_absent(address - 0x20);
  if (options().short_map && address >= 0x3E && address < 0x80) return std::nullopt;
  switch (address) {
    case 0x28: return voltage_100mv();
    case 0x29: return current_word();
    case 0x2A: return soc_permille();
    case 0x2B: return cell_mv(highest_cell());
    case 0x2C: return cell_mv(lowest_cell());
    case 0x2D:
    case 0x2E: return temperature_or_absent(0);
    case 0x2F: return activity();
    case 0x30: return static_cast<unsigned>((remaining_mah() + 50) / 100);
    case 0x31: return pack().cell_count();
    case 0x32: return pack().sensor_count();
    case 0x33: return cycles();
    case 0x34: return balancing() != 0 ? 1 : 0;
    case 0x35: return charge_fet() ? 1 : 0;
    case 0x36: return discharge_fet() ? 1 : 0;
    case 0x37: return cell_mv(0);
    case 0x38: return cell_mv(highest_cell()) - cell_mv(lowest_cell());
    case 0x39: return 0;
    case 0x3E: return static_cast<unsigned>(balancing() & 0xFFFFU);
    case 0x3F: return static_cast<unsigned>(balancing() >> 16U & 0xFFFFU);
    case 0x40: return 30000;
    case 0x41: return 0;
    case 0x42: return 25 + 40;
    case 0x43: return 0;
    default: break;
  }
  if (address >= 0x3A && address <= 0x3D) return static_cast<unsigned>(failures() >> (16 * (address - 0x3A)) & 0xFFFFU);
  return d2_setting(address);
}

std::optional<unsigned> DalyRegisterBoard::d2_setting(unsigned address) const {
  using namespace daly_settings;
  switch (address) {
    case 0x80: return static_cast<unsigned>((capacity_mah() + 50) / 100);
    case 0x81: return nominal_cell_mv;
    case 0x82: return 1;
    case 0x83: return pack().cell_count();
    case 0x89: return 0;
    case 0x8A: return 0xFFFF;
    case 0x8B: return cell_high_mv[0];
    case 0x8C: return cell_high_mv[1];
    case 0x8D: return cell_low_mv[0];
    case 0x8E: return cell_low_mv[1];
    case 0xA3: return balance_start_mv;
    case 0xA4: return balance_difference_mv;
    case 0xA5: return charge_switch() ? 1 : 0;
    case 0xA6: return discharge_switch() ? 1 : 0;
    case 0xA7: return soc_permille();
    default: break;
  }
  if (address > 0x83 && address < 0xA9) return 0;
  // The software text travels backwards.
  if (address >= 0xA9 && address < 0xB1) return characters(backwards(options().software), address - 0xA9);
  if (address >= 0xB1 && address < 0xB9) return characters(options().hardware, address - 0xB1);
  if (address >= 0xB9 && address < 0xC9) return characters("SH39F003", address - 0xB9);
  return std::nullopt;
}

std::optional<unsigned> DalyRegisterBoard::p81_value(unsigned address) const {
  if (address < 0x30) return cell_or_zero(address);
  if (address < 0x38) return temperature_or_absent(address - 0x30);
  if (address >= 0x41 && address <= 0x7E) return p81_status(address);
  switch (address) {
    case 0x38: return voltage_100mv();
    case 0x39: return current_word();
    case 0x3A: return soc_permille();
    case 0x3B: return ++heartbeat_ & 0xFFU;
    case 0x3C: return pack().cell_count();
    case 0x3D: return pack().sensor_count();
    case 0x3E: return cell_mv(highest_cell());
    case 0x3F: return highest_cell() + 1;
    case 0x40: return cell_mv(lowest_cell());
    default: return p81_setting(address);
  }
}

std::optional<unsigned> DalyRegisterBoard::p81_status(unsigned address) const {
  switch (address) {
    case 0x41: return lowest_cell() + 1;
    case 0x42: return cell_mv(highest_cell()) - cell_mv(lowest_cell());
    case 0x43:
    case 0x45: return temperature_or_absent(0);
    case 0x44:
    case 0x46: return 1;
    case 0x48: return activity();
    case 0x4B: return static_cast<unsigned>((remaining_mah() + 50) / 100);
    case 0x4C: return cycles();
    case 0x4D: return balancing() != 0 ? 1 : 0;
    case 0x4E: return 30000;
    case 0x4F: return static_cast<unsigned>(balancing() & 0xFFFFU);
    case 0x50: return static_cast<unsigned>(balancing() >> 16U & 0xFFFFU);
    case 0x51: return static_cast<unsigned>(balancing() >> 32U & 0xFFFFU);
    case 0x52: return charge_fet() ? 1 : 0;
    case 0x53: return discharge_fet() ? 1 : 0;
    case 0x5A: return 25 + 40;
    case 0x5B: return 30 + 40;
    default: break;
  }
  return address >= 0x6D && address <= 0x73 ? p81_failures(address) : 0;
}

unsigned DalyRegisterBoard::p81_failures(unsigned address) const {
  constexpr unsigned no_parallel_board = 0x0080;  // what every single pack reports
  unsigned word = address == 0x70 ? no_parallel_board : 0;
  for (const DalyFailure& it : daly_failures)
    if (it.register_81 == address && (failures() >> it.bit & 1U) != 0) word |= it.value_81;
  return word;
}

std::optional<unsigned> DalyRegisterBoard::p81_setting(unsigned address) const {
  using namespace daly_settings;
  switch (address) {
    case 0x100: return options().address;
    case 0x103: return pack().cell_count();
    case 0x109: return static_cast<unsigned>(capacity_mah() >> 16U);
    case 0x10A: return static_cast<unsigned>(capacity_mah() & 0xFFFFU);
    case 0x114: return nominal_cell_mv;
    case 0x115: return 0xFFFF;
    case 0x116: return soc_permille();
    case 0x11A: return balance_start_mv;
    case 0x11B: return balance_difference_mv;
    case 0x121: return charge_switch() ? 1 : 0;
    case 0x122: return discharge_switch() ? 1 : 0;
    case 0x130: return cell_high_mv[0];
    case 0x131: return cell_high_mv[1];
    case 0x134: return cell_low_mv[0];
    case 0x135: return cell_low_mv[1];
    default: break;
  }
  if (address >= 0x178 && address < 0x186) return characters(options().software, address - 0x178);
  if (address >= 0x186 && address < 0x18D) return characters(options().hardware, address - 0x186);
  if (address >= 0x18D && address < 0x194) return characters(options().code, address - 0x18D);
  if (address >= 0x100 && address < 0x1C2) return 0;
  return std::nullopt;
}

}  // namespace bms::sim
