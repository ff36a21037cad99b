#include "jbd/jbd_anatomy.hpp"

#include <algorithm>
#include <array>

#include "jbd/jbd_frame.hpp"
#include "jbd/jbd_parameters.hpp"
#include "jbd/jbd_up_frame.hpp"
#include "modbus_crc.hpp"

namespace bms::jbd {

namespace {

bool is_mark(std::uint8_t byte) { return byte == read_mark || byte == write_mark; }

std::size_t last_byte(Bytes head) { return head.back(); }
std::size_t length_of_up(Bytes head) { return u16_be(head, 6); }

constexpr FrameForm forms[] = {
    {.sender = Sender::host,
     .layout = "SFFL*CCE",
     .begins = [](Bytes head) { return head[0] == start_byte && is_mark(head[1]); },
     .payload = last_byte,
     .summed_from = 2,
     .sum = checksum},
    {.sender = Sender::host,
     .layout = "SAFFL*CCE",
     .begins = [](Bytes head) { return head[0] == start_byte && is_mark(head[2]); },
     .payload = last_byte,
     .summed_from = 1,
     .sum = checksum},
    {.sender = Sender::board,
     .layout = "SFFL*CCE",
     .begins = [](Bytes head) { return head[0] == start_byte && !is_mark(head[1]); },
     .payload = last_byte,
     .summed_from = 2,
     .sum = checksum},
    {.sender = Sender::board,
     .layout = "SAFFL*CCE",
     .begins = [](Bytes head) { return head[0] == start_byte; },
     .payload = last_byte,
     .summed_from = 1,
     .sum = checksum},
    {.sender = Sender::board,
     .layout = "SAFFL*CCE",
     .begins = [](Bytes head) { return head[0] == start_byte; },
     .payload = last_byte,
     .summed_from = 2,
     .sum = checksum},
    {.sender = Sender::host,
     .layout = "AFRRRRLL*CC",
     .begins = up::begins_frame,
     .payload = length_of_up,
     .summed_from = 0,
     .sum = modbus_crc,
     .low_byte_first = true},
    {.sender = Sender::board,
     .layout = "AFRRRRLL*CC",
     .begins = up::begins_frame,
     .payload = length_of_up,
     .summed_from = 0,
     .sum = modbus_crc,
     .low_byte_first = true},
};

/// Registers that are no parameter.
struct Named {
  std::uint8_t address;
  std::string_view name;
};

constexpr Named named[] = {{registers::basic_info, "basic information"},
                           {registers::cell_voltages, "cell voltages"},
                           {registers::device_name, "device name"},
                           {registers::error_counts, "counters of protections"},
                           {registers::fet_lock, "FET lock"},
                           {registers::parameters, "parameters"}};

/// Firmware 0x16 to 0x20: use, change and clear the password (vendor text V11).
constexpr std::array<std::uint8_t, 3> password_registers{0x06, 0x07, 0x09};

std::string name_of_register(std::uint8_t address) {
  if (const auto* found = std::ranges::find(named, address, &Named::address); found != std::end(named))
    return " (" + std::string(found->name) + ")";
  const auto all = config_registers();
  const auto found = std::ranges::find(all, address, &ConfigRegister::address);
  return found == all.end() ? "" : " (" + std::string(found->name) + ")";
}

std::string order_in_words(std::uint8_t address, Bytes payload) {
  if (address == registers::enter_factory_mode) return "enter factory mode";
  if (address == registers::leave_factory_mode)
    return payload.size() >= 2 && u16_be(payload, 0) != 0 ? "leave factory mode and save" : "leave factory mode";
  if (std::ranges::find(password_registers, address) != password_registers.end()) return "password";
  return "write register " + hex(address) + name_of_register(address);
}

/// Blocks of the UP series.
struct NamedBlock {
  up::Block block;
  std::string_view name;
};

constexpr NamedBlock named_blocks[] = {{up::blocks::pack_status, "status of the pack"},
                                       {up::blocks::own_status, "the pack's own status"},
                                       {up::blocks::board, "board and pack"},
                                       {up::blocks::capacity, "capacity and counters"},
                                       {up::blocks::counters, "counters"},
                                       {up::blocks::clock, "clock"},
                                       {up::blocks::product, "model and firmware"},
                                       {up::blocks::soc, "state of charge"}};

std::string up_in_words(Bytes question) {
  const std::uint8_t function = question[1];
  const std::uint16_t first = u16_be(question, 2);
  const auto* const found = std::ranges::find_if(
      named_blocks, [&](const NamedBlock& one) { return one.block.function == function && one.block.first == first; });
  const std::string name = found == std::end(named_blocks) ? "" : " (" + std::string(found->name) + ")";
  return (function == up::functions::write ? "write registers " : "read registers ") + up::hex(first) + " to " +
         up::hex(u16_be(question, 4)) + name;
}

/// From the mark on; empty: it is no request.
Bytes from_mark(Bytes question) {
  for (const std::size_t at : {std::size_t{1}, std::size_t{2}}) {
    if (question.size() >= at + 3 && question[0] == start_byte && is_mark(question[at])) return question.subspan(at);
  }
  return {};
}

}  // namespace

std::span<const FrameForm> frame_forms() { return forms; }

std::string question_in_words(Bytes question) {
  const Bytes request = from_mark(question);
  if (request.empty())
    return question.size() >= up::frame_overhead && up::begins_frame(question) ? up_in_words(question) : "";
  if (request[0] == write_mark) return order_in_words(request[1], request.subspan(3));
  return "read register " + hex(request[1]) + name_of_register(request[1]);
}

std::vector<Secret> secrets_of(Bytes question) {
  const Bytes request = from_mark(question);
  if (request.empty() || request[0] != write_mark) return {};
  if (std::ranges::find(password_registers, request[1]) == password_registers.end()) return {};
  return {secret_payload(request.data() == question.data() + 1 ? forms[0] : forms[1], question)};
}

}  // namespace bms::jbd
