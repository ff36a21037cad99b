// Says what recorded bytes mean, for people and for tests.
#include "jbd/jbd_explain.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "bms/hex.hpp"
#include "bms/words.hpp"
#include "jbd/jbd_conversation.hpp"
#include "jbd/jbd_decode.hpp"
#include "jbd/jbd_explain_parts.hpp"
#include "jbd/jbd_frame.hpp"
#include "jbd/jbd_tables.hpp"
#include "jbd/jbd_up_explain.hpp"

namespace bms::jbd {
namespace {

using Json = nlohmann::ordered_json;

Json balancing_of(const BasicInfo& info) {
  Json cells = Json::array();
  for (std::size_t cell = 0; cell < info.cell_count; ++cell)
    cells.push_back(cell < max_jbd_cells && (info.balancing >> cell & 1U) != 0);
  return cells;
}

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json temperatures_of(const BasicInfo& info) {
  Json temperatures = Json::array();
  for (const auto& temperature : info.temperatures_c) temperatures.push_back(or_null(temperature));
  return temperatures;
}

void explain_addressed_part(Json& json, const AddressedPart& part) {
  json["alarm_status_raw"] = part.alarm_word;
  json["warnings"] = names_of_bits(part.alarm_word, addressed_warning_bits);
  json["ambient_temperature_c"] = or_null(part.ambient_c);
  json["mosfet_temperature_c"] = or_null(part.mosfet_c);
}

Json explain_basic_info(const BasicInfo& info) {
  Json json{{"voltage_v", info.voltage_v},
            {"current_a", info.current_a},
            {"remaining_ah", info.remaining_ah},
            {"design_capacity_ah", info.design_capacity_ah},
            {"cycles", info.cycles}};
  if (info.manufactured) json["manufacture_date"] = date_text(*info.manufactured);
  json["balancing"] = balancing_of(info);
  json["alarms"] = names_of_bits(info.protection, info.addressed ? addressed_protection_bits : protection_bits);
  json["software_version"] = version_text(info.version);
  json["soc_pct"] = info.soc_pct;
  json["charge_fet"] = info.charge_fet;
  json["discharge_fet"] = info.discharge_fet;
  json["cell_count"] = info.cell_count;
  json["temperatures_c"] = temperatures_of(info);
  if (info.addressed) explain_addressed_part(json, *info.addressed);
  if (!info.tail) return json;
  json["humidity_pct"] = info.tail->humidity_pct;
  json["alarm_status_raw"] = info.tail->alarm_status;
  json["full_capacity_ah"] = info.tail->full_ah;
  json["remaining_ah_ext"] = info.tail->remaining_ah;
  json["balance_current_raw"] = info.tail->balance_current_raw;
  return json;
}

Json explain_error_counts(const ErrorCounts& counts) {
  Json json;
  for (std::size_t i = 0; i < counts.size(); ++i) json[std::string(error_count_names[i])] = counts[i];
  return Json{{"error_counts", std::move(json)}};
}

Json explain_parameters(const Parameters& found) {
  return Json{{"register", registers::parameters},
              {"param", found.first},
              {"count", found.words.size()},
              {"words", std::vector<std::uint16_t>(found.words.begin(), found.words.end())}};
}

/// What has no layout of its own: an acknowledgement, a word, or bytes of which nothing is known.
Json explain_plain(const Reply& reply) {
  if (reply.payload.empty()) return Json{{"ack", true}, {"register", reply.address}};
  if (reply.payload.size() == 2) return Json{{"register", reply.address}, {"raw", u16_be(reply.payload, 0)}};
  return Json{{"register", reply.address}, {"payload", to_hex(reply.payload)}};
}

template <class T, class Explain>
Json explain_decoded(const Result<T>& decoded, Explain explain_value) {
  return decoded ? explain_value(*decoded) : explain_error(decoded.error());
}

Json explain_reply(const Reply& reply) {
  const Bytes payload = reply.payload;
  switch (reply.address) {
    case registers::basic_info: return explain_decoded(decode_basic_info(reply), explain_basic_info);
    case registers::cell_voltages:
      return explain_decoded(decode_cell_voltages(payload), [](const CellVoltages& cells) {
        return Json{{"cells_v", std::vector<double>(cells.begin(), cells.end())}};
      });
    case registers::device_name: return Json{{"hardware_version", decode_device_name(payload)}};
    case registers::error_counts: return explain_decoded(decode_error_counts(payload), explain_error_counts);
    case registers::parameters: return explain_decoded(decode_parameters(payload), explain_parameters);
    default: break;
  }
  const bool text = reply.address >= registers::manufacturer_text && reply.address <= registers::barcode_text;
  if (!text || payload.empty()) return explain_plain(reply);
  return explain_decoded(decode_text(payload), [&reply](const std::string& found) {
    return Json{{"register", reply.address}, {"text", found}};
  });
}

std::string no_answer_because(const Outcome<Reply>& outcome, std::size_t size) {
  const std::string bytes = counted(size, "byte");
  switch (outcome.reason) {
    case ErrorKind::garbage: return "expected a frame that starts with DD, none of " + bytes + " is one";
    case ErrorKind::truncated: return "a frame began and did not end within " + bytes;
    case ErrorKind::end_marker: return "expected 77 where the length byte puts the end of the frame";
    case ErrorKind::checksum: return "the checksum of the frame does not fit its content";
    case ErrorKind::unexpected_command:
      return outcome.strangers > 0 ? "only frames came that answer another register"
                                   : "only the request itself came back, from an adapter or a module that echoes";
    case ErrorKind::length: return "a sound frame of a size, or with a count, that its register cannot have";
    default: return "no answer in " + bytes;
  }
}

Json explain_outcome(const Outcome<Reply>& outcome, std::size_t size) {
  if (!outcome.answer) return explain_error({outcome.reason, no_answer_because(outcome, size), std::nullopt});
  const Result<Reply> reply = status_checked(*outcome.answer);
  return reply ? explain_reply(*reply) : explain_error(reply.error());
}

}  // namespace

Json explain(const Recording& recording) {
  if (up::is_up(recording)) return up::explain(recording);
  const std::vector<std::uint8_t> stream = recording.stream();
  if (recording.request) return explain_outcome(search(stream, expectation_of(*recording.request)), stream.size());
  const auto plain = search(stream, Expectation{});
  if (plain.answer) return explain_outcome(plain, stream.size());
  const auto addressed = search(stream, Expectation{.addressed = true});
  return explain_outcome(addressed.answer ? addressed : plain, stream.size());
}

}  // namespace bms::jbd
