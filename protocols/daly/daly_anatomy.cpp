#include "daly/daly_anatomy.hpp"

#include <algorithm>

#include "bms/hex.hpp"
#include "daly/daly_a5_frame.hpp"
#include "daly/daly_a5_settings.hpp"
#include "daly/daly_modbus_frame.hpp"

namespace bms::daly {

namespace {

std::uint16_t sum(Bytes covered) { return checksum(covered); }

bool is_asked(std::uint8_t address) {
  return address == d2_address || (address > p81_request_base && address <= p81_request_base + most_boards);
}
bool is_answering(std::uint8_t address) {
  return address == d2_address || (address > p81_answer_base && address <= p81_answer_base + most_boards);
}

std::size_t word(Bytes /*head*/) { return 2; }
std::size_t last_byte(Bytes head) { return head.back(); }

constexpr FrameForm a5_of(Sender sender) {
  return {.sender = sender,
          .layout = "SAFL*C",
          .begins = [](Bytes head) { return head[0] == start_byte && head[3] == length_byte; },
          .payload = last_byte,
          .summed_from = 0,
          .sum = sum};
}

constexpr FrameForm modbus(Sender sender, std::string_view layout, bool (*begins)(Bytes),
                           std::size_t (*payload)(Bytes)) {
  return {.sender = sender,
          .layout = layout,
          .begins = begins,
          .payload = payload,
          .summed_from = 0,
          .sum = modbus_crc,
          .low_byte_first = true};
}

constexpr FrameForm forms[] = {
    a5_of(Sender::host),
    a5_of(Sender::board),
    modbus(
        Sender::host, "AFRR*CC",
        [](Bytes head) {
          return is_asked(head[0]) && (head[1] == functions::read || head[1] == functions::write_single);
        },
        word),
    modbus(
        Sender::board, "AFL*CC", [](Bytes head) { return is_answering(head[0]) && head[1] == functions::read; },
        last_byte),
    modbus(
        Sender::board, "AFRR*CC",
        [](Bytes head) { return is_answering(head[0]) && head[1] == functions::write_single; }, word),
    modbus(
        Sender::board, "AF*CC", [](Bytes head) { return is_answering(head[0]) && (head[1] & functions::refusal) != 0; },
        [](Bytes /*head*/) { return std::size_t{1}; }),
};

constexpr const FrameForm& words_form = forms[3];

struct Named {
  std::uint8_t command;
  std::string_view name;
};

constexpr Named named[] = {{commands::set_soc, "set the state of charge"},
                           {commands::pack, "read voltage, current and state of charge"},
                           {commands::cell_range, "read highest and lowest cell"},
                           {commands::temperature_range, "read highest and lowest temperature"},
                           {commands::fets, "read FETs and remaining capacity"},
                           {commands::status, "read status"},
                           {commands::cells, "read cell voltages"},
                           {commands::temperatures, "read temperatures"},
                           {commands::balancer, "read balancer"},
                           {commands::failures, "read failures"},
                           {commands::rated, "read rated capacity"},
                           {commands::boards, "read number of cells and sensors"},
                           {commands::production, "read date of production"},
                           {commands::battery_code, "read battery code"},
                           {commands::clock, "read clock"},
                           {commands::software_version, "read software version"},
                           {commands::hardware_version, "read hardware version"},
                           {commands::discharge_fet, "switch the discharge FET"},
                           {commands::charge_fet, "switch the charge FET"}};

std::string a5_in_words(std::uint8_t command) {
  if (const auto* found = std::ranges::find(named, command, &Named::command); found != std::end(named))
    return std::string(found->name);
  const auto settings = a5_settings();
  const auto found = std::ranges::find(settings, command, &A5Setting::command);
  const std::string which = "command " + to_hex(Bytes(&command, 1));
  return found == settings.end() ? which : "read " + which + " (" + std::string(found->name) + ")";
}

std::string modbus_in_words(Bytes question) {
  const std::string first = register_name(u16_be(question, 2));
  if (question[1] == functions::write_single) return "write register " + first;
  return "read " + std::to_string(u16_be(question, 4)) + " registers from " + first;
}

bool is_modbus(Bytes question) { return question.size() == modbus_request_size && is_asked(question[0]); }

/// Where boards of the register map of p81 keep the password for their parameters: six letters.
constexpr unsigned first_password = 0x126, behind_password = 0x129;
/// Likewise those of d2 (syssi/esphome-daly-bms).
constexpr unsigned first_password_d2 = 0xC9, behind_password_d2 = 0xCC;

}  // namespace

std::span<const FrameForm> frame_forms() { return forms; }

std::string question_in_words(Bytes question) {
  if (question.size() == frame_size && question[0] == start_byte) return a5_in_words(question[2]);
  return is_modbus(question) ? modbus_in_words(question) : "";
}

std::vector<Secret> secrets_of(Bytes question) {
  if (!is_modbus(question) || question[1] != functions::read) return {};
  const bool d2 = question[0] == d2_address;
  const unsigned first = u16_be(question, 2);
  const unsigned behind = first + u16_be(question, 4);
  const unsigned from = std::max(first, d2 ? first_password_d2 : first_password);
  const unsigned to = std::min(behind, d2 ? behind_password_d2 : behind_password);
  if (from >= to) return {};
  const std::uint8_t answering =
      d2 ? d2_address : static_cast<std::uint8_t>(question[0] - p81_request_base + p81_answer_base);
  const auto size = static_cast<std::uint8_t>(2 * (behind - first));
  const std::size_t head = 3;
  return {{.form = &words_form,
           .head = {answering, functions::read, size},
           .offset = head + std::size_t{2} * (from - first),
           .size = std::size_t{2} * (to - from)}};
}

}  // namespace bms::daly
