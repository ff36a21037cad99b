// Says what recorded bytes mean, for people and for tests.
#include "rec/rec_explain.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "bms/error.hpp"
#include "bms/words.hpp"
#include "rec/rec_explain_answer.hpp"
#include "rec/rec_text.hpp"

namespace bms::rec {
namespace {

using Json = nlohmann::ordered_json;
using ByteVector = std::vector<std::uint8_t>;

constexpr unsigned highest_address = 127;

/// An unsigned number of a JSON object, if it is there and in range.
std::optional<std::size_t> number_in(const Json& object, const char* key, std::size_t most) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  const auto value = found->get<std::int64_t>();
  if (value < 0 || static_cast<std::uint64_t>(value) > most) return std::nullopt;
  return static_cast<std::size_t>(value);
}

/// The unit whose sound frame to the host comes first.
std::optional<std::uint8_t> first_speaker(Bytes stream) {
  for (std::size_t at = 0; at + header_size < stream.size(); ++at) {
    const Bytes rest = stream.subspan(at);
    if (rest[2] != host_address && examine(rest, host_address, rest[2]).what == Candidate::What::frame) return rest[2];
  }
  return std::nullopt;
}

std::uint8_t unit_of(const Recording& recording, Bytes stream) {
  if (const auto told = number_in(recording.line, "address", highest_address)) return static_cast<std::uint8_t>(*told);
  if (recording.request && recording.request->size() >= header_size && recording.request->front() == start_byte)
    return (*recording.request)[1];
  return first_speaker(stream).value_or(1);
}

/// The text of the request: "CELL?", "BMIN 3.94". Empty when it is not known.
std::string command_of(const Recording& recording) {
  const auto told = recording.line.find("command");
  if (told != recording.line.end() && told->is_string()) return told->get<std::string>();
  if (!recording.request || recording.request->size() < header_size) return {};
  const Bytes bytes = *recording.request;
  const Candidate request = examine(bytes, bytes[1], host_address);
  if (request.what != Candidate::What::frame) return {};
  const auto text = text_of(request.payload);
  return text ? std::string(*text) : std::string();
}

Context context_of(const Recording& recording) {
  Context context;
  const auto found = recording.line.find("context");
  const Json& told = found != recording.line.end() && found->is_object() ? *found : recording.line;
  context.temperature_sensors = number_in(told, "temperature_sensors", 255).value_or(0);
  context.cells = number_in(told, "cells", 255);
  return context;
}

std::string no_answer_because(ErrorKind reason, std::size_t size) {
  const std::string bytes = counted(size, "byte");
  switch (reason) {
    case ErrorKind::status: return "the unit refused the request (ERROR)";
    case ErrorKind::truncated: return "the answer does not end, or is not complete, within " + bytes;
    case ErrorKind::end_marker: return "expected AA where the length byte puts the end of the frame";
    case ErrorKind::checksum: return "the checksum of the frame does not fit its content";
    case ErrorKind::length: return "a sound frame that is empty, or of another size than was announced";
    case ErrorKind::unexpected_command: return "only frames came that answer another question";
    default: return "no frame of the unit in " + bytes;
  }
}

Json explain_findings(Bytes stream, const Findings& findings, const Question& question, const Context& context) {
  if (findings.answer) return explain_answer(*findings.answer, question, context);
  return Json{{"error", name_of(findings.reason)}, {"message", no_answer_because(findings.reason, stream.size())}};
}

/// A request that is in no table, or no request at all: what the answer itself shows.
Json explain_unknown(Bytes stream, std::uint8_t unit, std::string_view mnemonic, const Context& context) {
  const auto explained = [&](const Question& question) -> std::optional<Json> {
    const Findings findings = search(stream, question, End::final);
    if (!findings.answer) return std::nullopt;
    return explain_answer(*findings.answer, question, context);
  };
  if (mnemonic.empty()) {
    for (const bool counted : {true, false})
      for (const char* const array : {"LCD1", "LCD3", "ERRO", "CELL"})
        if (auto json = explained(read_question(unit, *find_instruction(array), counted))) return *std::move(json);
  }
  for (const Shape shape : {Shape::acknowledgement, Shape::number, Shape::text})
    if (auto json = explained({.unit = unit, .mnemonic = mnemonic, .shape = shape})) return *std::move(json);
  const Question anything{.unit = unit, .mnemonic = mnemonic, .shape = Shape::line};
  return explain_findings(stream, search(stream, anything, End::final), anything, context);
}

}  // namespace

Json explain(const Recording& recording) {
  const ByteVector stream = recording.stream();
  const std::uint8_t unit = unit_of(recording, stream);
  const std::string command = command_of(recording);
  const Context context = context_of(recording);

  const std::size_t blank = command.find(' ');
  if (blank != std::string::npos) {
    const Question question = write_question(unit, std::string_view(command).substr(0, blank));
    return explain_findings(stream, search(stream, question, End::final), question, context);
  }
  const std::string_view mnemonic = std::string_view(command).substr(0, command.find('?'));
  const Instruction* const instruction = find_instruction(mnemonic);
  if (instruction == nullptr) return explain_unknown(stream, unit, mnemonic, context);
  const Question question = read_question(unit, *instruction);
  return explain_findings(stream, search(stream, question, End::final), question, context);
}

}  // namespace bms::rec
