// Says what recorded answers of the newer Daly protocol mean.
#include <algorithm>
#include <string>
#include <vector>

#include "bms/words.hpp"
#include "daly/daly_a5_decode.hpp"
#include "daly/daly_explain_parts.hpp"
#include "daly/daly_modbus_decode.hpp"
#include "daly/daly_modbus_frame.hpp"

namespace bms::daly {
namespace {

/// What was asked.
struct Question {
  std::uint8_t function = functions::read;
  std::uint8_t answer_address = d2_address;
  std::uint16_t first = 0;
  std::optional<std::uint16_t> count;  ///< of registers; empty when the question was not recorded
};

/// A frame at the start of a stream, or what keeps it from being one.
struct Frame {
  std::optional<ErrorKind> error;
  std::uint8_t function = 0;
  Bytes body;  ///< between function and CRC
};

std::size_t frame_size_of(Bytes bytes) {
  if ((bytes[1] & functions::refusal) != 0) return 5;
  return bytes[1] == functions::read ? modbus_overhead + bytes[2] : modbus_request_size;
}

/// Judges what begins with the right address.
Frame frame_at(Bytes bytes, const Question& question) {
  const auto error = [](ErrorKind kind) { return Frame{.error = kind, .function = 0, .body = {}}; };
  if (bytes.size() < 3) return error(ErrorKind::truncated);
  const std::uint8_t function = bytes[1];
  if ((function & ~unsigned{functions::refusal}) != question.function) return error(ErrorKind::unexpected_command);
  const std::size_t size = frame_size_of(bytes);
  if (bytes.size() < size) return error(ErrorKind::truncated);
  if (!modbus_crc_fits(bytes.first(size))) return error(ErrorKind::checksum);
  if (function == functions::read && question.count && bytes[2] != 2 * *question.count) return error(ErrorKind::length);
  return {.error = {}, .function = function, .body = bytes.subspan(2, size - 4)};
}

Frame find_frame(Bytes stream, const Question& question) {
  Frame first{.error = stream.empty() ? ErrorKind::truncated : ErrorKind::garbage, .function = 0, .body = {}};
  bool begun = false;
  for (std::size_t at = 0; at < stream.size(); ++at) {
    if (stream[at] != question.answer_address) continue;
    const Bytes rest = stream.subspan(at);
    const Frame frame = frame_at(rest, question);
    if (!frame.error) return frame;
    // The reason is that of the first thing that looks like the answer: at the very start, or as long as was asked.
    const bool looks_like_it = at == 0 || (rest.size() > 2 && rest[1] == question.function && question.count &&
                                           question.function == functions::read && rest[2] == 2 * *question.count);
    if (!begun && looks_like_it) {
      first = frame;
      begun = true;
    }
  }
  return first;
}

Json explain_value(const Words& words, Map map, const RegisterValue& value) {
  const auto number = value_in(words, map, value);
  if (!number) return {};
  switch (value.shape) {
    case Shape::flag:
    case Shape::balancer: return *number != 0;
    case Shape::activity: return activity_name(static_cast<unsigned>(*number));
    default: return json_number(*number, value.scale.counts_per_unit == 1);
  }
}

void add_value(Json& json, const Words& words, Map map, const RegisterValue& value) {
  if (value.address.exists_in(map) && words.has(value.address.in(map)))
    json[std::string(value.name).append(suffix_of(value.scale.unit))] = explain_value(words, map, value);
}

void add_cells(Json& json, const Words& words, Map map, std::optional<std::size_t> told) {
  if (!words.has(registers::cells.in(map))) return;
  std::size_t count = cell_slots(map);
  const auto counted = words.at(registers::cell_count.in(map));
  if (counted && *counted > 0) {
    count = std::min<std::size_t>(count, *counted);
  } else if (told) {
    count = std::min(count, *told);
  } else {
    while (count > 0 && words.at(registers::cells.in(map) + count - 1).value_or(0) == 0) --count;
  }
  Json cells = Json::array();
  for (std::size_t cell = 0; cell < count; ++cell) {
    const auto raw = words.at(registers::cells.in(map) + cell);
    cells.push_back(raw ? Json(*raw / 1000.0) : Json());
  }
  json["cells_v"] = std::move(cells);
}

void add_temperatures(Json& json, const Words& words, Map map, std::optional<std::size_t> told) {
  const std::uint16_t first = registers::temperatures.in(map);
  if (!words.has(first, sensor_slots)) return;
  std::size_t count = sensor_slots;
  if (const auto counted = words.at(registers::sensor_count.in(map))) {
    count = std::min<std::size_t>(count, *counted);
  } else if (told) {
    count = std::min(count, *told);
  }
  Json temperatures = Json::array();
  for (std::size_t sensor = 0; sensor < count; ++sensor)
    temperatures.push_back(json_of(temperature_in(words, first + sensor)));
  json["temperatures_c"] = std::move(temperatures);
}

void add_failures(Json& json, const Words& words, Map map) {
  const std::uint16_t first = map == Map::d2 ? registers::d2_failures.d2 : registers::p81_failures.p81;
  const std::uint16_t last = map == Map::d2 ? std::uint16_t(first + 3) : p81_failure_last;
  bool told = false;
  for (std::uint16_t address = first; address <= last; ++address) told |= words.has(address);
  if (!told) return;
  Json names = Json::array();
  if (map == Map::d2) {
    for (const auto& [bit, failure] : failure_bits)
      if ((d2_failures_in(words) >> bit & 1U) != 0) names.push_back(failure.name);
  } else {
    for (const P81Failure& row : p81_failures)
      if (const unsigned level = p81_level(words, row))
        names.push_back(std::string(row.failure.name) + (row.levels ? "_l" + std::to_string(level) : ""));
  }
  json["alarms"] = std::move(names);
}

/// The order of the four current limits of d2 differs between boards. The side of 30000 shows which is which.
void add_current_limits(Json& json, const Words& words, Map map) {
  constexpr std::size_t pair_size = 2;
  if (map != Map::d2) return;
  for (std::size_t pair = 0; pair < 2; ++pair) {
    const auto first = static_cast<std::uint16_t>(registers::current_limits.d2 + pair_size * pair);
    if (!words.has(first, pair_size)) continue;
    const auto l1 = scaled(words, first, scales::above_zero_current);
    const auto l2 = scaled(words, static_cast<std::uint16_t>(first + 1), scales::above_zero_current);
    if (*l1 == 0 || *l2 == 0 || (*l1 > 0) != (*l2 > 0)) continue;
    const std::string name = *l1 > 0 ? "charge_limit" : "discharge_limit";
    json[name + "_l1_a"] = std::abs(*l1);
    json[name + "_l2_a"] = std::abs(*l2);
  }
}

void add_text(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

void add_texts_and_dates(Json& json, const Words& words, Map map) {
  constexpr std::size_t machine_size = 16;
  constexpr std::size_t serial_size = 7;
  add_text(json, "software_version", software_text_in(words, map));
  add_text(json, "hardware_version", hardware_text_in(words, map));
  if (map == Map::d2) add_text(json, "machine_code", text_in(words, registers::machine_text.d2, machine_size));
  if (map == Map::p81) add_text(json, "serial_number", text_in(words, registers::serial_text.p81, serial_size));
  if (const std::uint16_t at = registers::production_date.in(map); words.has(at, 2)) {
    const Bytes day = words.bytes(at, 2);
    const auto date = decode_date(day[0], day[1], day[2]);
    json["manufacture_date"] = date ? Json(date_text(*date)) : Json();
  }
  if (const std::uint16_t at = registers::clock.in(map); words.has(at, 3))
    json["rtc"] = json_of(clock_text(words.bytes(at, 3)));
}

/// Whether voltage, current and state of charge can be true, as far as the words hold them.
bool pack_plausible(const Words& words, Map map) {
  const auto voltage_v = scaled(words, registers::voltage.in(map), scales::pack_voltage);
  const auto current_a = scaled(words, registers::current.in(map), scales::above_zero_current);
  const auto soc_pct = scaled(words, registers::soc.in(map), scales::percent);
  if (!voltage_v || !current_a || !soc_pct) return true;
  const std::size_t cells = words.at(registers::cell_count.in(map)).value_or(0);
  return plausible(PackState{.voltage_v = *voltage_v, .current_a = *current_a, .soc_pct = *soc_pct}, cells);
}

Json explain_words(const Words& words, Map map, const Recording& recording) {
  Json json = Json::object();
  for (const RegisterValue& value : live_values) add_value(json, words, map, value);
  if (!pack_plausible(words, map)) json["plausible"] = false;
  add_cells(json, words, map, context_number(recording, "cell_count"));
  add_temperatures(json, words, map, context_number(recording, "temp_sensor_count"));
  add_failures(json, words, map);
  for (const RegisterSetting& setting : register_settings()) add_value(json, words, map, setting.value);
  add_current_limits(json, words, map);
  if (const std::uint16_t at = registers::cells_of_boards.in(map); words.has(at, 3))
    json["cells_per_board"] = {*words.at(at), *words.at(at + 1U), *words.at(at + 2U)};
  add_texts_and_dates(json, words, map);
  return json;
}

/// Where reads of this size usually begin, when the question was not recorded.
std::uint16_t usual_start(Map map, std::size_t registers) {
  struct Usual {
    std::size_t registers;
    std::uint16_t first;
    Map map;
  };
  constexpr Usual usual[] = {{41, 0x80, Map::d2},  {32, 0xA9, Map::d2},   {9, 0x3E, Map::d2},   {1, 0xCF, Map::d2},
                             {62, 0x41, Map::p81}, {81, 0x100, Map::p81}, {74, 0x178, Map::p81}};
  for (const Usual& it : usual)
    if (it.map == map && it.registers == registers) return it.first;
  return 0;
}

Json explain_refusal(std::uint8_t code) {
  Json json = explain_error(ErrorKind::status, "the BMS refused with code " + std::to_string(code));
  json["status"] = code;
  return json;
}

std::string no_answer_because(ErrorKind kind, std::size_t size) {
  const std::string bytes = counted(size, "byte");
  switch (kind) {
    case ErrorKind::truncated: return "a frame did not end within " + bytes;
    case ErrorKind::checksum: return "the CRC of the frame does not fit its content";
    case ErrorKind::length: return "a sound frame with another number of registers than was asked for";
    case ErrorKind::unexpected_command: return "an answer to another function than was asked for";
    default: return "none of " + bytes + " begins a frame from the address that was asked";
  }
}

Json explain_frame(const Frame& frame, const Question& question, Map map, const Recording& recording) {
  if ((frame.function & functions::refusal) != 0) return explain_refusal(frame.body[0]);
  if (frame.function == functions::write_single)
    return {{"write_register", u16_be(frame.body, 0)}, {"write_value", u16_be(frame.body, 2)}};
  if (frame.function == functions::write_multiple)
    return {{"write_register", u16_be(frame.body, 0)}, {"write_count", u16_be(frame.body, 2)}};
  const Bytes bytes = frame.body.subspan(1);
  const std::uint16_t first = question.count ? question.first : usual_start(map, bytes.size() / 2);
  const Words words(first, bytes);
  Json json = explain_words(words, map, recording);
  if (!json.empty()) return json;
  // Registers of which nothing is known.
  json = {{"register", first}, {"words", Json::array()}};
  for (std::size_t i = 0; i < bytes.size() / 2; ++i) json["words"].push_back(u16_be(bytes, 2 * i));
  return json;
}

Question question_of(const Recording& recording, Bytes stream, bool numbered_boards) {
  Question question;
  const bool asked = recording.request && recording.request->size() >= 6;
  if (asked) {
    const Bytes request(*recording.request);
    question.function = request[1];
    question.first = u16_be(request, 2);
    question.count = u16_be(request, 4);
  } else if (stream.size() > 1) {
    const unsigned function = stream[1] & ~unsigned{functions::refusal};
    if (function == functions::write_single || function == functions::write_multiple)
      question.function = static_cast<std::uint8_t>(function);
  }
  if (!numbered_boards) return question;
  unsigned board = 1;
  const auto is_answer = [](std::uint8_t byte) {
    return byte > p81_answer_base && byte <= p81_answer_base + most_boards;
  };
  if (asked && recording.request->front() > p81_request_base) board = recording.request->front() - p81_request_base;
  if (!asked && !stream.empty() && is_answer(stream[0])) board = stream[0] - p81_answer_base;
  if (const auto told = context_number(recording, "board")) board = static_cast<unsigned>(*told);
  question.answer_address = p81_addresses(board).answer;
  return question;
}

}  // namespace

Json explain_modbus(const Recording& recording, bool numbered_boards) {
  const std::vector<std::uint8_t> stream = recording.stream();
  const Question question = question_of(recording, stream, numbered_boards);
  // An order that was recorded without its acknowledgement says what was asked.
  if (recording.pieces.empty() && question.function == functions::write_single)
    return {{"request_fields", {{"write_register", question.first}, {"write_value", question.count.value_or(0)}}}};
  const Frame frame = find_frame(stream, question);
  if (frame.error) return explain_error(*frame.error, no_answer_because(*frame.error, stream.size()));
  return explain_frame(frame, question, numbered_boards ? Map::p81 : Map::d2, recording);
}

}  // namespace bms::daly
