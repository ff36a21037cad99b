// Frames of the UP series, what is answered and what is written, and the words by which a test brings a board into a
// state.
#include "jbd_up_board.hpp"

#include <algorithm>
#include <utility>

#include "wire.hpp"

namespace bms::sim {
namespace {

constexpr unsigned read_function = 0x78;
constexpr unsigned write_function = 0x79;
constexpr unsigned own_function = 0x45;
constexpr std::size_t header_size = 8;
constexpr std::size_t read_size = 10;
constexpr std::size_t write_size = 16;
constexpr std::size_t longest_question = 64;
constexpr std::uint8_t write_prefix[] = {0x11, 0x4A, 0x42, 0x44};

unsigned word(std::span<const std::uint8_t> bytes, std::size_t at) { return bytes[at] * 256U + bytes[at + 1]; }

template <class Table, class Name>
std::optional<std::size_t> bit_named(const Table& table, std::string_view wanted, Name name) {
  const auto* const found = std::ranges::find(table, wanted, name);
  if (found == table.end()) return std::nullopt;
  return static_cast<std::size_t>(found - table.begin());
}

std::string made_up_serial(std::uint64_t seed) {
  std::string digits = std::to_string(100'000 + seed);
  digits.insert(0, 18 - digits.size(), '0');
  return "UP16S020" + digits;
}

}  // namespace

JbdUpBoard::JbdUpBoard(Pack& pack, const JbdUpOptions& options) : pack_(pack), options_(options) {
  if (options_.serial.empty()) options_.serial = made_up_serial(options_.seed);
  JbdOptions plain;
  plain.seed = options_.seed;
  if (options_.plain_too) plain_.emplace(pack, plain);
}

void JbdUpBoard::line_idle() {
  heard_.clear();
  if (plain_) plain_->line_idle();
}

std::optional<Answer> JbdUpBoard::receive(std::uint8_t byte) {
  if (heard_.size() == longest_question) heard_.erase(heard_.begin());
  heard_.push_back(byte);
  for (const std::size_t size : {read_size, write_size}) {
    if (heard_.size() < size) continue;
    const auto frame = std::span<const std::uint8_t>(heard_).last(size);
    if (frame[0] != options_.address || word(frame, 6) != size - read_size || crc16(frame) != 0) continue;
    auto reply = answer(frame);
    heard_.clear();
    return reply;
  }
  return plain_ ? plain_->receive(byte) : std::nullopt;
}

std::optional<Answer> JbdUpBoard::answer(std::span<const std::uint8_t> frame) {
  const Question question{.function = frame[1],
                          .first = word(frame, 2),
                          .last = word(frame, 4),
                          .payload = frame.subspan(header_size, word(frame, 6))};
  const auto payload = reply_to(question, frame);
  if (!payload) return std::nullopt;
  Answer reply{{frame.begin(), frame.begin() + 6}, hex(frame.subspan(2, 2))};
  put(reply.bytes, static_cast<unsigned>(payload->size()));
  reply.bytes.insert(reply.bytes.end(), payload->begin(), payload->end());
  put_low_first(reply.bytes, crc16(reply.bytes));
  return reply;
}

std::optional<JbdUpBoard::Payload> JbdUpBoard::reply_to(const Question& question, std::span<const std::uint8_t> frame) {
  if (question.function == read_function && question.first == 0x1000) return pack_status();
  if (!options_.on_port) return std::nullopt;
  if (question.function == write_function)
    return write(question.first, question.payload, frame) ? std::optional(Payload{}) : std::nullopt;
  if (question.function == own_function && question.first == 0) return own_status();
  if (question.function != read_function || options_.old_firmware) return std::nullopt;
  switch (question.first) {
    case 0x1C00: return board_info();
    case 0x2006: return counters();
    case 0x2810: return product();
    default: return std::nullopt;
  }
}

bool JbdUpBoard::write(unsigned first, std::span<const std::uint8_t> payload, std::span<const std::uint8_t> frame) {
  constexpr std::size_t value_at = std::size(write_prefix);
  writes_.push_back({{"frame", hex(frame)}, {"register", first}});
  if (payload.size() != value_at + 2 || !std::ranges::equal(payload.first(value_at), write_prefix)) return false;
  const unsigned value = word(payload, value_at);
  if (first == 0x2006 && value <= 10000) {
    pack_.set_soc(value / 100.0);
    return true;
  }
  if (first == 0x2902) {
    discharge_switch_ = (value & 1U) != 0;
    charge_switch_ = (value & 2U) != 0;
    update_gate();
    return true;
  }
  return false;
}

bool JbdUpBoard::charge_fet() const {
  if (!charge_switch_) return false;
  for (std::size_t bit = 0; bit < jbd_up_faults.size(); ++bit)
    if (faults_[bit] && jbd_up_faults[bit].opens_charge) return false;
  return true;
}

bool JbdUpBoard::discharge_fet() const {
  if (!discharge_switch_) return false;
  for (std::size_t bit = 0; bit < jbd_up_faults.size(); ++bit)
    if (faults_[bit] && jbd_up_faults[bit].opens_discharge) return false;
  return true;
}

Commands<JbdUpBoard> JbdUpBoard::commands() {
  return {
      {{"protect|unprotect " + choice_of(jbd_up_faults), "Up: raise or end this fault"},
       &JbdUpBoard::understand_protect},
      {{"warn|unwarn " + choice_of(jbd_up_warnings), "Up: set or clear this warning"}, &JbdUpBoard::understand_warn},
      {{"heater on|off", "Up: whether the heater works"}, &JbdUpBoard::understand_heater},
      {{"limit charge|discharge <A>", "Up: the current that this pack asks for"}, &JbdUpBoard::understand_limit},
      {{"misreport voltage <V>", "Tell this voltage of the pack"}, &JbdUpBoard::understand_misreport},
      {{"misreport off", "Tell the true one again"}, &JbdUpBoard::understand_misreport},
  };
}

Outcome<Action> JbdUpBoard::compile(Words words) { return compile_by(commands(), *this, words); }

std::optional<Action> JbdUpBoard::understand_protect(Words words) {
  const auto bit = words.size() == 2 ? bit_named(jbd_up_faults, words[1], &JbdUpFault::name) : std::nullopt;
  if (!bit) return std::nullopt;
  return quietly([this, bit, active = words[0] == "protect"] {
    faults_[*bit] = active;
    update_gate();
  });
}

std::optional<Action> JbdUpBoard::understand_warn(Words words) {
  const auto bit = words.size() == 2 ? bit_named(jbd_up_warnings, words[1], &JbdUpWarning::name) : std::nullopt;
  if (!bit) return std::nullopt;
  return quietly([this, bit, active = words[0] == "warn"] { warnings_[*bit] = active; });
}

std::optional<Action> JbdUpBoard::understand_heater(Words words) {
  const auto on = on_or_off(words);
  if (!on) return std::nullopt;
  return quietly([this, on] { heater_ = *on; });
}

std::optional<Action> JbdUpBoard::understand_limit(Words words) {
  constexpr double most_a = 4000;
  const bool known = words.size() == 3 && (words[1] == "charge" || words[1] == "discharge");
  const auto amperes = known ? number(words[2], 0, most_a) : std::nullopt;
  if (!amperes) return std::nullopt;
  return quietly(
      [this, amperes, charge = words[1] == "charge"] { (charge ? charge_limit_a_ : discharge_limit_a_) = *amperes; });
}

std::optional<Action> JbdUpBoard::understand_misreport(Words words) {
  if (words.size() == 2 && words[1] == "off") return quietly([this] { reported_voltage_v_.reset(); });
  const auto volts = words.size() == 3 && words[1] == "voltage" ? number(words[2], 0, 655.35) : std::nullopt;
  if (!volts) return std::nullopt;
  return quietly([this, volts] { reported_voltage_v_ = volts; });
}

}  // namespace bms::sim
