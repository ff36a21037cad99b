// Says what recorded 0xA5 answers mean.
#include <algorithm>
#include <string>
#include <vector>

#include "bms/hex.hpp"
#include "bms/words.hpp"
#include "daly/daly_a5_decode.hpp"
#include "daly/daly_a5_frame.hpp"
#include "daly/daly_a5_settings.hpp"
#include "daly/daly_explain_parts.hpp"
#include "daly/daly_failures.hpp"

namespace bms::daly {
namespace {

struct Frame {
  std::uint8_t command;
  Data data;
};

/// Everything that a stream holds.
struct Found {
  std::vector<Frame> frames;
  bool wrong_checksum = false;
  bool wrong_length = false;

  [[nodiscard]] const Frame* first(std::uint8_t command) const {
    const auto frame = std::ranges::find(frames, command, &Frame::command);
    return frame == frames.end() ? nullptr : &*frame;
  }
};

/// What the reader of the answer knew.
struct Context {
  std::uint8_t board = 1;
  std::optional<std::size_t> cells, sensors;
};

Found scan(Bytes stream, std::uint8_t board) {
  Found found;
  for (std::size_t at = 0; at < stream.size();) {
    if (stream[at] != start_byte) {
      ++at;
      continue;
    }
    const Bytes rest = stream.subspan(at);
    const Candidate candidate = judge(rest, board);
    found.wrong_checksum |= candidate == Candidate::wrong_checksum;
    found.wrong_length |= candidate == Candidate::wrong_length;
    if (candidate == Candidate::ours) found.frames.push_back({rest[2], data_of(rest)});
    at += candidate == Candidate::ours || candidate == Candidate::foreign ? frame_size : 1;
  }
  return found;
}

/// The number of the first board that is heard, when nobody says which was asked.
std::uint8_t first_board(Bytes stream) {
  for (std::size_t at = 0; at + frame_size <= stream.size(); ++at) {
    if (stream[at] != start_byte) continue;
    const std::uint8_t board = stream[at + 1];
    if (board >= 1 && board <= most_boards && judge(stream.subspan(at), board) == Candidate::ours) return board;
  }
  return 1;
}

Json explain_pack(const Data& data, const Context& context) {
  const PackState state = decode_pack(data);
  Json json{{"voltage_v", state.voltage_v}, {"current_a", state.current_a}, {"soc_pct", state.soc_pct}};
  if (!plausible(state, context.cells.value_or(0))) json["plausible"] = false;
  return json;
}

Json explain_cell_range(const Data& data) {
  const Extremes range = decode_cell_range(data);
  return {{"cell_max_v", range.max},
          {"cell_max_no", range.max_number},
          {"cell_min_v", range.min},
          {"cell_min_no", range.min_number}};
}

Json explain_temperature_range(const Data& data) {
  const Extremes range = decode_temperature_range(data);
  return {{"temp_max_c", json_number(range.max, true)},
          {"temp_max_sensor", range.max_number},
          {"temp_min_c", json_number(range.min, true)},
          {"temp_min_sensor", range.min_number}};
}

Json explain_fets(const Data& data) {
  const FetState state = decode_fets(data);
  return {{"state", activity_name(state.activity)},
          {"charge_fet", state.charge},
          {"discharge_fet", state.discharge},
          {"bms_life", state.heartbeat},
          {"remaining_ah", state.remaining_ah}};
}

Json explain_status(const Data& data) {
  const Status status = decode_status(data);
  Json json{{"cell_count", status.cells},
            {"temp_sensor_count", status.sensors},
            {"charger_connected", status.charger != 0},
            {"load_connected", status.load != 0},
            {"dio_bits", status.dio},
            {"cycles", status.cycles}};
  if (!plausible(status)) json["plausible"] = false;
  return json;
}

Json explain_balancer(const Data& data, const Context& context) {
  const std::uint64_t bits = decode_balancer(data);
  const std::size_t count = std::min(context.cells.value_or(most_cells), most_cells);
  Json cells = Json::array();
  for (std::size_t cell = 0; cell < count; ++cell) cells.push_back((bits >> cell & 1U) != 0);
  return {{"balancing", std::move(cells)}};
}

Json explain_failures(const Data& data) {
  const std::uint64_t bits = decode_failures(data);
  Json names = Json::array();
  for (const auto& [bit, failure] : failure_bits)
    if ((bits >> bit & 1U) != 0) names.push_back(failure.name);
  return {{"alarms", std::move(names)}, {"fault_code", bits >> fault_code_shift}};
}

Json explain_parameters(std::uint8_t command, const Data& data) {
  Json json = Json::object();
  for (const A5Setting& setting : a5_settings())
    if (setting.command == command)
      json[std::string(setting.name).append(suffix_of(setting.unit))] =
          json_number(value_of(setting, data), setting.scale.counts_per_unit == 1);
  if (command == commands::boards)
    json = {{"board_count", data[0]},
            {"cells_per_board", {data[1], data[2], data[3]}},
            {"sensors_per_board", {data[4], data[5], data[6]}}};
  if (command == commands::production) {
    const auto date = decode_date(data[2], data[3], data[4]);
    json["manufacture_date"] = date ? Json(date_text(*date)) : Json();
  }
  if (command == commands::firmware_index) json["firmware_index"] = printable(data);
  if (command == commands::clock) json["rtc"] = json_of(clock_text(data));
  if (json.empty()) json = {{"command", command}, {"data", to_hex(data)}};
  return json;
}

/// The meaning of an answer that is one frame.
Json explain_single(const Frame& frame, const Context& context) {
  switch (frame.command) {
    case commands::pack: return explain_pack(frame.data, context);
    case commands::cell_range: return explain_cell_range(frame.data);
    case commands::temperature_range: return explain_temperature_range(frame.data);
    case commands::fets: return explain_fets(frame.data);
    case commands::status: return explain_status(frame.data);
    case commands::balancer: return explain_balancer(frame.data, context);
    case commands::failures: return explain_failures(frame.data);
    case commands::discharge_fet:
    case commands::charge_fet:
    case commands::set_soc: return {{"ack", frame.data[0]}};
    default: return explain_parameters(frame.command, frame.data);
  }
}

/// The first complete collection of an answer, else the last one.
Collection collect(const Found& found, std::uint8_t command, std::size_t count) {
  Collection collection;
  for (const Frame& frame : found.frames) {
    if (frame.command != command) continue;
    collection.add(frame.data);
    if (count > 0 && collection.complete(count)) break;
  }
  return collection;
}

/// Values that are spread over numbered frames. Without their number all that came is shown, up to the last that holds
/// something.
template <class Value>
Json explain_spread(const Found& found, std::uint8_t command, std::optional<std::size_t> items, std::size_t per_frame,
                    const char* key, Value value) {
  const Collection collection = collect(found, command, items ? frames_for(*items, per_frame) : 0);
  std::size_t count = items.value_or(collection.last() * per_frame);
  const auto holds_something = [](const Json& json) { return !json.is_null() && json != 0.0; };
  while (!items && count > 0 && !holds_something(json_of(value(collection, count)))) --count;
  const std::size_t frames = frames_for(count, per_frame);

  Json values = Json::array();
  for (std::size_t number = 1; number <= count; ++number) values.push_back(json_of(value(collection, number)));
  if (collection.complete(frames)) return {{key, std::move(values)}};
  Json json = explain_error(ErrorKind::truncated, "the frames 1 to " + std::to_string(frames) + " of command " +
                                                      hex(command) + " did not all come");
  json[key] = std::move(values);
  return json;
}

Json explain_text(const Found& found, std::uint8_t command) {
  const bool code = command == commands::battery_code;
  const std::size_t count = code ? 5 : 2;
  const Collection collection = collect(found, command, count);
  if (!collection.complete(count))
    return explain_error(ErrorKind::truncated, "expected " + counted(count, "frame") + " of command " + hex(command));
  const char* const key = code                                    ? "battery_code"
                          : command == commands::software_version ? "software_version"
                                                                  : "hardware_version";
  return {{key, decode_text(collection, count)}};
}

Json explain_several(const Found& found, std::uint8_t command, const Context& context) {
  if (command == commands::cells)
    return explain_spread(found, command, context.cells, cells_per_frame, "cells_v", cell_of);
  if (command == commands::temperatures)
    return explain_spread(found, command, context.sensors, sensors_per_frame, "temperatures_c", temperature_of);
  return explain_text(found, command);
}

/// What else the stream holds; answers that need several frames are left out.
Json explain_others(const Found& found, std::uint8_t command, const Context& context) {
  Json others = Json::object();
  for (const Frame& frame : found.frames)
    if (frame.command != command && !has_several_frames(frame.command))
      others[hex(frame.command)] = explain_single(frame, context);
  return others;
}

Json explain_nothing(const Found& found, std::uint8_t command, std::size_t size) {
  const std::string bytes = counted(size, "byte");
  if (!found.frames.empty())
    return explain_error(ErrorKind::unexpected_command, "expected an answer to command " + hex(command) +
                                                            ", got one to " + hex(found.frames.front().command));
  if (found.wrong_checksum) return explain_error(ErrorKind::checksum, "the sum of the frame does not fit its content");
  if (found.wrong_length) return explain_error(ErrorKind::length, "expected 08 as the length byte of the frame");
  if (size < frame_size) return explain_error(ErrorKind::truncated, "a frame has 13 bytes, there are " + bytes);
  return explain_error(ErrorKind::garbage, "none of " + bytes + " begins a frame of the board that was asked");
}

/// What an order asks for.
Json explain_order(Bytes request) {
  const Data data = data_of(request);
  return {{"rtc", json_of(clock_text(data))}, {"soc_pct", u16_be(data, 6) / 10.0}};
}

Json explain_answer(const Found& found, std::uint8_t command, const Context& context, std::size_t size) {
  const Frame* const frame = found.first(command);
  if (frame == nullptr) return explain_nothing(found, command, size);
  Json json = has_several_frames(command) ? explain_several(found, command, context) : explain_single(*frame, context);
  if (Json others = explain_others(found, command, context); !others.empty()) json["also"] = std::move(others);
  return json;
}

}  // namespace

Json explain_a5(const Recording& recording) {
  const std::vector<std::uint8_t> stream = recording.stream();
  const bool asked = recording.request && recording.request->size() >= 3 && recording.request->front() == start_byte;
  const Bytes request = asked ? Bytes(*recording.request) : Bytes();
  Context context{.board = asked ? board_behind(request[1]) : first_board(stream),
                  .cells = context_number(recording, "cell_count"),
                  .sensors = context_number(recording, "temp_sensor_count")};
  if (const auto board = context_number(recording, "board")) context.board = static_cast<std::uint8_t>(*board);

  const Found found = scan(stream, context.board);
  const std::uint8_t command = asked ? request[2] : found.frames.empty() ? std::uint8_t{0} : found.frames[0].command;
  const bool order = asked && command == commands::set_soc && request.size() >= frame_size;
  // A question that was recorded without its answer says what was asked, if it was an order.
  Json json =
      order && recording.pieces.empty() ? Json::object() : explain_answer(found, command, context, stream.size());
  if (order) json["request_fields"] = explain_order(request);
  return json;
}

}  // namespace bms::daly
