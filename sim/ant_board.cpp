// Frames, and what each function and register does.
#include "ant_board.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "wire.hpp"

namespace bms::sim {
namespace {

using Payload = std::vector<std::uint8_t>;

constexpr std::uint16_t unreadable = 0xFFFF;
constexpr unsigned status_function = 0x01;
constexpr unsigned read_function = 0x02;
constexpr unsigned identity_function = 0x04;
constexpr unsigned write_function = 0x22;
constexpr unsigned password_function = 0x23;
constexpr unsigned control_function = 0x51;
constexpr unsigned device_info = 0x026C;

Payload from_hex(std::string_view text) {
  Payload bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

void put_text(Payload& to, const std::string& text, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to.push_back(i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0);
}

/// The record that follows the CRC of settings, with its own CRC.
void put_trailer(Payload& to, std::uint8_t kind) {
  const std::array<std::uint8_t, 4> record{0xFF, kind, 0, 0};
  to.insert(to.end(), record.begin(), record.end());
  put_low_first(to, crc16(record));
}

std::uint16_t word_at(std::span<const std::uint8_t> bytes, std::size_t offset) {
  return static_cast<std::uint16_t>(bytes[offset] * 256 + bytes[offset + 1]);
}

std::string made_up_chip_id(std::uint64_t seed) {
  Payload bytes;
  for (unsigned i = 0; i < 12; ++i) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    bytes.push_back(static_cast<std::uint8_t>(seed >> 56U));
  }
  return hex(bytes);
}

}  // namespace

AntBoard::AntBoard(Pack& pack, const AntOptions& options, std::uint64_t seed)
    : pack_(pack), options_(options), permission_(options.permission) {
  if (options_.chip_id.empty()) options_.chip_id = made_up_chip_id(seed);
  settings_ = {{0, 3650},   {2, 3550},  {4, 3800},   {6, 3700},
               {8, 608},    {10, 584},  {12, 2100},  {14, 2500},
               {16, 2000},  {18, 2500}, {20, 200},   {22, 200},
               {24, 800},   {26, 600},  {32, 3600},  {34, 3500},
               {36, 584},   {38, 552},  {40, 3000},  {42, 3100},
               {44, 200},   {46, 200},  {48, 600},   {50, 400},
               {104, 1000}, {106, 10},  {108, 1500}, {110, 10},
               {112, 3000}, {114, 200}, {116, 600},  {118, 300},
               {124, 900},  {126, 800}, {128, 1400}, {130, 1300},
               {132, 20},   {134, 10},  {140, 3600}, {142, 3200},
               {144, 10},   {146, 5},   {152, 1},    {154, static_cast<std::uint16_t>(pack.cell_count())},
               {158, 1800}, {160, 500}};
  const auto capacity = static_cast<std::uint32_t>(std::min(pack.capacity_ah() * 1e6, 4294967295.0));
  registers_ = {{1, 3600},
                {2, 3000},
                {3, 3650},
                {4, 2100},
                {5, 3550},
                {6, 2500},
                {7, 0},
                {8, 0},
                {9, 1000},
                {10, 10},
                {11, 1000},
                {12, 10},
                {13, 3600},
                {14, 3200},
                {15, 10},
                {20, 600},
                {21, 300},
                {22, 60},
                {24, static_cast<std::uint16_t>(pack.cell_count())},
                {25, 65},
                {26, 60},
                {27, 75},
                {28, 70},
                {29, 90},
                {30, 80},
                {31, static_cast<std::uint16_t>(capacity & 0xFFFFU)},
                {32, static_cast<std::uint16_t>(capacity >> 16U)},
                {44, 800},
                {90, 12006}};
}

std::size_t AntBoard::question_size() const {
  if (frame_[0] == 0x7E && speaks_new()) {
    if (frame_.size() > 1 && frame_[1] != 0xA1) return 0;
    if (frame_.size() < 6) return frame_.size() + 1;
    const bool carries_data = frame_[2] == write_function || frame_[2] == password_function;
    return 10U + (carries_data ? frame_[5] : 0U);
  }
  const bool header = frame_[0] == 0xDB || frame_[0] == 0x5A || frame_[0] == 0xA5;
  if (!header || !speaks_old() || (frame_.size() > 1 && frame_[1] != frame_[0])) return 0;
  return 6;
}

std::optional<Answer> AntBoard::receive(std::uint8_t byte) {
  frame_.push_back(byte);
  while (!frame_.empty()) {
    const std::size_t size = question_size();
    if (size > frame_.size()) return std::nullopt;
    if (size == 0) {
      frame_.erase(frame_.begin());
      continue;
    }
    const Payload question = std::exchange(frame_, {});
    return question[0] == 0x7E ? answer_new(question) : answer_old(question);
  }
  return std::nullopt;
}

std::optional<Answer> AntBoard::answer_new(Frame frame) {
  const unsigned function = frame[2];
  const unsigned address = frame[3] + frame[4] * 256U;
  const std::size_t crc_at = frame.size() - 4;
  if (frame.back() != 0x55 || frame[frame.size() - 2] != 0xAA) return std::nullopt;
  if (frame[crc_at] + frame[crc_at + 1] * 256 != crc16(frame.subspan(1, crc_at - 1))) return std::nullopt;

  const auto reply = act(function, address, frame[5], frame.subspan(6, crc_at - 6));
  if (function >= write_function)
    writes_.push_back({{"frame", hex(frame)}, {"function", function}, {"address", address}});
  if (!reply) return std::nullopt;

  const bool carries_data = function == write_function || function == password_function;
  Answer answer{{0x7E, 0xA1, static_cast<std::uint8_t>(function + (carries_data ? 0x20U : 0x10U)), frame[3], frame[4],
                 static_cast<std::uint8_t>(reply->size())},
                hex(frame.subspan(2, 1))};
  answer.bytes.insert(answer.bytes.end(), reply->begin(), reply->end());
  put_low_first(answer.bytes, crc16(std::span(answer.bytes).subspan(1)));
  if (options_.trailer && function == read_function) put_trailer(answer.bytes, 0x0B);
  if (options_.trailer && function == write_function) put_trailer(answer.bytes, 0x0A);
  answer.bytes.push_back(0xAA);
  answer.bytes.push_back(0x55);
  return answer;
}

/// Does what is asked; the data of the reply.
std::optional<Payload> AntBoard::act(unsigned function, unsigned address, std::size_t wanted, Frame data) {
  switch (function) {
    case status_function: return new_status();
    case read_function: return read_settings(address, wanted);
    case identity_function: return options_.identity ? std::optional(from_hex(options_.chip_id)) : std::nullopt;
    case write_function:
      // How a refusal looks was never recorded; this board acknowledges and does nothing.
      if (permission_ >= 5 && settings_.contains(address) && data.size() == 2)
        settings_[address] = static_cast<std::uint16_t>(data[0] + data[1] * 256);
      return Payload(data.begin(), data.end());
    case password_function: return Payload{static_cast<std::uint8_t>(log_in(address, data)), 0};
    case control_function: return Payload{static_cast<std::uint8_t>(control(address)), 0};
    default: return std::nullopt;
  }
}

std::optional<Payload> AntBoard::read_settings(unsigned address, std::size_t size) const {
  Payload payload;
  if (address == device_info) {
    put_text(payload, options_.model, 16);
    put_text(payload, options_.firmware, 16);
    payload.resize(size);
    return payload;
  }
  for (unsigned at = address; at < address + size; at += 2) {
    const auto found = settings_.find(at);
    put_low_first(payload, found == settings_.end() ? unreadable : found->second);
  }
  payload.resize(size);
  return payload;
}

unsigned AntBoard::log_in(unsigned slot, Frame password) {
  const std::string typed(password.begin(), password.end());
  if (slot == 0x014A && typed == options_.password) permission_ = std::max(permission_, 1U);
  if (slot == 0x016A && typed == "123456789abc") permission_ = 5;
  return permission_;
}

/// 1 = done, 2 = failed, 3 = no permission.
unsigned AntBoard::control(unsigned command) {
  constexpr unsigned done = 1;
  constexpr unsigned failed = 2;
  constexpr unsigned no_permission = 3;
  if (permission_ < 1) return no_permission;
  switch (command) {
    case 0x01: lock(charge_locked_, true); return done;
    case 0x03: lock(charge_locked_, false); return done;
    case 0x04: lock(true, discharge_locked_); return done;
    case 0x06: lock(false, discharge_locked_); return done;
    case 0x07: ++saves_; return done;
    case 0x0D: balancer_on_ = true; return done;
    case 0x0E: balancer_on_ = false; return done;
    case 0x0F: return no_permission;
    default: return failed;
  }
}

std::optional<Answer> AntBoard::answer_old(Frame frame) {
  const std::uint8_t header = frame[0];
  const unsigned number = frame[2];
  const std::uint16_t value = word_at(frame, 3);
  if (static_cast<std::uint8_t>(frame[2] + frame[3] + frame[4]) != frame[5]) return std::nullopt;
  const std::string question = hex(frame.first(3));
  if (header != 0xA5 && number == 0) {
    using enum AntOptions::StatusRequest;
    if (options_.status_request == display && header != 0xDB) return std::nullopt;
    if (options_.status_request == read && header != 0x5A) return std::nullopt;
    return Answer{old_status(), question};
  }
  if (header == 0xDB) return std::nullopt;

  unsigned told_number = number;
  std::uint16_t told = read_register(number);
  if (header == 0xA5) {
    const auto written = write_register(number, value);
    writes_.push_back({{"frame", hex(frame)}, {"register", number}, {"accepted", written.has_value()}});
    if (!written) told_number = 0xF5;
    told = written.value_or(1);
  }
  Answer answer{{header, header, static_cast<std::uint8_t>(told_number), static_cast<std::uint8_t>(told >> 8U),
                 static_cast<std::uint8_t>(told & 0xFFU)},
                question};
  answer.bytes.push_back(static_cast<std::uint8_t>(answer.bytes[2] + answer.bytes[3] + answer.bytes[4]));
  return answer;
}

std::uint16_t AntBoard::read_register(unsigned number) const {
  const auto found = registers_.find(number);
  return found == registers_.end() ? unreadable : found->second;
}

/// The value that is acknowledged; empty: refused.
std::optional<std::uint16_t> AntBoard::write_register(unsigned number, std::uint16_t value) {
  if (number >= 0xF1 && number <= 0xF4) return take_password(number - 0xF1, value);
  if (permission_ == 0) return std::nullopt;
  switch (number) {
    case 0xF9: lock(charge_locked_, value == 0); return value;
    case 0xFA: lock(value == 0, discharge_locked_); return value;
    case 0xFC: balancer_on_ = !balancer_on_; return balancer_on_ ? 1 : 0;
    case 0xFF:
      for (const auto& [where, what] : pending_) registers_[where] = what;
      pending_.clear();
      ++saves_;
      return value;
    default: break;
  }
  if (!registers_.contains(number)) return std::nullopt;
  pending_[number] = value;
  return value;
}

/// Until somebody is logged in the first three parts are refused like everything else; the last one decides.
std::optional<std::uint16_t> AntBoard::take_password(unsigned part, std::uint16_t characters) {
  if (part == 0) typed_password_.clear();
  typed_password_ += static_cast<char>(characters >> 8U);
  typed_password_ += static_cast<char>(characters & 0xFFU);
  const bool was_logged_in = permission_ > 0;
  if (part == 3) {
    permission_ = typed_password_ == options_.password ? 5 : 0;
    return permission_ > 0 ? std::optional(characters) : std::nullopt;
  }
  return was_logged_in ? std::optional(characters) : std::nullopt;
}

}  // namespace bms::sim
