// Says what recorded bytes mean: finds out which of Daly's protocols they are.
#include "daly/daly_explain.hpp"

#include "daly/daly_a5_frame.hpp"
#include "daly/daly_explain_parts.hpp"
#include "daly/daly_modbus_frame.hpp"

namespace bms::daly {
namespace {

enum class Dialect : std::uint8_t { a5, d2, p81 };

std::optional<Dialect> named_dialect(const Recording& recording) {
  const auto found = recording.line.find("dialect");
  if (found == recording.line.end() || !found->is_string()) return std::nullopt;
  const auto& name = found->get_ref<const std::string&>();
  if (name.starts_with("a5")) return Dialect::a5;
  if (name == "d2") return Dialect::d2;
  if (name == "p81") return Dialect::p81;
  return std::nullopt;
}

std::optional<Dialect> shown_by(std::uint8_t first) {
  if (first == start_byte) return Dialect::a5;
  if (first == d2_address) return Dialect::d2;
  const auto numbered = [first](std::uint8_t base) { return first > base && first <= base + most_boards; };
  if (numbered(p81_request_base) || numbered(p81_answer_base)) return Dialect::p81;
  return std::nullopt;
}

Dialect dialect_of(const Recording& recording) {
  if (const auto dialect = named_dialect(recording)) return *dialect;
  if (recording.request && !recording.request->empty())
    if (const auto dialect = shown_by(recording.request->front())) return *dialect;
  for (const std::uint8_t byte : recording.stream())
    if (const auto dialect = shown_by(byte)) return *dialect;
  return Dialect::a5;
}

}  // namespace

nlohmann::ordered_json explain(const Recording& recording) {
  switch (dialect_of(recording)) {
    case Dialect::a5: return explain_a5(recording);
    case Dialect::d2: return explain_modbus(recording, false);
    case Dialect::p81: return explain_modbus(recording, true);
  }
  return {};
}

}  // namespace bms::daly
