// Frames, and what each register does when it is read or written.
#include "jbd_board.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "wire.hpp"

namespace bms::sim {
namespace {

constexpr std::uint8_t jbd_start = 0xDD;
constexpr std::uint8_t end_byte = 0x77;
constexpr std::uint8_t read_request = 0xA5;
constexpr std::uint8_t write_request = 0x5A;
constexpr std::size_t header_size = 4;
constexpr std::size_t frame_overhead = 7;

constexpr std::uint8_t done = 0x00;
constexpr std::uint8_t unknown_register = 0x80;
constexpr std::uint8_t not_allowed = 0x81;

constexpr std::uint16_t factory_key = 0x5678;
constexpr std::uint16_t save_and_leave = 0x2828;
constexpr std::size_t most_parameters = 95;

// Two's complement of the byte sum. The same bytes are summed in both directions: all between the second byte of the
// head and the sum itself, so a reply's register is not covered.
std::uint16_t check_sum(std::span<const std::uint8_t> bytes) {
  const unsigned sum = std::accumulate(bytes.begin(), bytes.end(), 0U);
  return static_cast<std::uint16_t>((0x10000U - (sum & 0xFFFFU)) & 0xFFFFU);
}

std::uint16_t get(std::span<const std::uint8_t> from) { return static_cast<std::uint16_t>(from[0] * 256 + from[1]); }

bool is_setting(std::uint8_t reg) { return reg >= 0x10 && reg <= 0x47; }
bool is_text(std::uint8_t reg) { return reg >= 0xA0 && reg <= 0xA2; }

}  // namespace

JbdBoard::JbdBoard(Pack& pack, const JbdOptions& options)
    : pack_(pack), options_(options), memory_(options, pack.cell_count(), pack.sensor_count(), pack.capacity_ah()) {
  counters_.back() = 1;  // system restarts
}

std::optional<Answer> JbdBoard::receive(std::uint8_t byte) {
  if (frame_.empty() && byte != jbd_start) return std::nullopt;
  frame_.push_back(byte);
  const std::size_t header = header_size + address_size();
  if (frame_.size() < header || frame_.size() < frame_overhead + address_size() + frame_[header - 1])
    return std::nullopt;
  const std::vector<std::uint8_t> frame = std::move(frame_);
  frame_.clear();
  return answer(frame);
}

bool JbdBoard::concerns_us(std::span<const std::uint8_t> frame) const {
  if (frame.back() != end_byte) return false;
  // The sum of a question leaves the direction out, unless an address precedes it.
  const std::size_t from = addressed() ? 1 : 2;
  if (get(frame.last(3)) != check_sum(frame.first(frame.size() - 3).subspan(from))) return false;
  return !addressed() || options_.deaf_to_address || frame[1] == options_.address;
}

Answer JbdBoard::frame_of(std::uint8_t asked_address, std::uint8_t reg, const Reply& reply) const {
  const std::uint8_t name[] = {reg};
  Answer answer{{jbd_start}, hex(name)};
  if (addressed()) answer.bytes.push_back(asked_address);
  for (const std::uint8_t byte : {reg, reply.status, static_cast<std::uint8_t>(reply.payload.size())})
    answer.bytes.push_back(byte);
  answer.bytes.insert(answer.bytes.end(), reply.payload.begin(), reply.payload.end());
  // The register of a plain reply is not covered; of one with an address it is.
  const std::size_t from = addressed() && !options_.sum_of_maker ? 1 : 2;
  put(answer.bytes, check_sum(std::span(answer.bytes).subspan(from)));
  answer.bytes.push_back(end_byte);
  return answer;
}

std::optional<Answer> JbdBoard::answer(std::span<const std::uint8_t> frame) {
  if (!concerns_us(frame)) return std::nullopt;
  const auto from_direction = frame.subspan(1 + address_size());
  const std::uint8_t direction = from_direction[0];
  const std::uint8_t reg = from_direction[1];
  const auto payload = from_direction.subspan(3, from_direction[2]);

  std::optional<Reply> reply;
  if (direction == read_request) reply = addressed() ? read_addressed(reg) : read(reg, payload);
  if (direction == write_request) {
    reply = addressed() ? Reply{unknown_register, {}} : write(reg, payload);
    writes_.push_back({{"frame", hex(frame)}, {"register", reg}, {"status", reply->status}});
  }
  if (!reply) return std::nullopt;
  return frame_of(frame[1], reg, *reply);
}

/// The maker's text of these boards knows no more than two registers.
JbdBoard::Reply JbdBoard::read_addressed(std::uint8_t reg) {
  if (reg == 0x03) return {done, basic_info()};
  if (reg == 0x04) return {done, cell_voltages()};
  return {unknown_register, {}};
}

std::optional<JbdBoard::Reply> JbdBoard::read(std::uint8_t reg, std::span<const std::uint8_t> payload) {
  switch (reg) {
    case 0x00: return Reply{done, {0, 0}};  // the kind of measuring chip
    case 0x03: return Reply{done, basic_info()};
    case 0x04: return Reply{done, cell_voltages()};
    case 0x05: return Reply{done, Payload(options_.model.begin(), options_.model.end())};
    case 0xAA: return Reply{done, counters()};
    case 0xFA:
      if (options_.parameters == JbdOptions::Parameters::silent) return std::nullopt;
      return read_parameters(payload);
    default: return read_memory(reg);
  }
}

JbdBoard::Reply JbdBoard::read_memory(std::uint8_t reg) const {
  if (!is_setting(reg) && !is_text(reg)) return {unknown_register, {}};
  if (!factory_mode_) return {not_allowed, {}};
  if (is_text(reg)) {
    const std::string& text = memory_.text(reg);
    Payload payload{static_cast<std::uint8_t>(text.size())};
    payload.insert(payload.end(), text.begin(), text.end());
    return {done, payload};
  }
  const auto value = memory_.at(reg);
  if (!value) return {unknown_register, {}};
  Payload payload;
  put(payload, *value);
  return {done, payload};
}

JbdBoard::Reply JbdBoard::read_parameters(std::span<const std::uint8_t> payload) const {
  if (options_.parameters == JbdOptions::Parameters::refused || payload.size() != 3) return {unknown_register, {}};
  const std::size_t first = get(payload);
  const std::size_t count = payload[2];
  const auto words = memory_.parameters();
  if (count == 0 || count > most_parameters || first + count > words.size()) return {unknown_register, {}};
  Payload bytes(payload.begin(), payload.end());
  for (const std::uint16_t word : std::span(words).subspan(first, count)) put(bytes, word);
  return {done, bytes};
}

JbdBoard::Reply JbdBoard::write(std::uint8_t reg, std::span<const std::uint8_t> payload) {
  if (payload.size() != 2) return {unknown_register, {}};
  const std::uint16_t value = get(payload);
  switch (reg) {
    case 0x00:
      if (value != factory_key) return {not_allowed, {}};
      factory_mode_ = true;
      ++factory_count_.entered;
      return {};
    case 0x01: return leave_factory_mode(value);
    case 0x0A: return control(value);
    case 0xE0:
      if (!factory_mode_) return {not_allowed, {}};
      pack_.set_soc(std::min(100.0, 100.0 * value / counts_per_unit() / pack_.capacity_ah()));
      return {};
    case 0xE1: return write_mosfet(value);
    case 0xFB: return write_lock_switch(payload[0], payload[1] == 1);
    default: break;
  }
  if (!is_setting(reg)) return {unknown_register, {}};
  if (!factory_mode_) return {not_allowed, {}};
  return {memory_.write(reg, value) ? done : unknown_register, {}};
}

JbdBoard::Reply JbdBoard::leave_factory_mode(std::uint16_t how) {
  ++factory_count_.left;
  // Nobody has seen what a board does that is told to save outside of the mode.
  const bool save = std::exchange(factory_mode_, false) && how == save_and_leave;
  if (save) memory_.save();
  if (save) ++factory_count_.saved;
  if (how == save_and_leave) counters_.fill(0);
  return {};
}

JbdBoard::Reply JbdBoard::control(std::uint16_t code) {
  constexpr std::uint16_t clear_counters = 0x0200;
  if (options_.firmware < 0x21 || code != clear_counters) return {unknown_register, {}};
  counters_.fill(0);
  return {};
}

JbdBoard::Reply JbdBoard::write_mosfet(std::uint16_t lock_mask) {
  using enum JbdOptions::Mosfet;
  if (options_.mosfet == refused || lock_mask > 3) return {unknown_register, {}};
  if (options_.mosfet == factory && !factory_mode_) return {not_allowed, {}};
  lock(static_cast<std::uint8_t>(lock_mask));
  return {};
}

// The newer way to hold a FET open: which one, and whether.
JbdBoard::Reply JbdBoard::write_lock_switch(std::uint8_t which, bool locked) {
  unsigned mask = 0;
  switch (which) {
    case 0x00: mask = 2; break;
    case 0x01: mask = 1; break;
    case 0x0A: mask = 3; break;
    default: return {unknown_register, {}};
  }
  return write_mosfet(static_cast<std::uint16_t>(locked ? lock_ | mask : lock_ & ~mask));
}

}  // namespace bms::sim
