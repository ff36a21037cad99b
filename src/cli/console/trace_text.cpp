#include "cli/console/trace_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "bms/hex.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t bytes_in_line = 16;
constexpr std::size_t short_facts = 100;  // letters of a line that are meant for what an answer says
constexpr std::size_t places_width = 9, role_width = 10;
constexpr const char* indent = "      ";

std::string hex_of(const TraceFrame& frame, std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = first; i < first + count; ++i) {
    text += i == first ? "" : " ";
    text += frame.hidden[i] ? "**" : to_hex(Bytes(frame.bytes).subspan(i, 1));
  }
  return text;
}

std::string time_of(const TraceFrame& frame, TimePoint zero) {
  std::array<char, 48> buffer{};
  const int size =
      std::snprintf(buffer.data(), buffer.size(), "%+.3f s", std::chrono::duration<double>(frame.at - zero).count());
  return {buffer.data(), static_cast<std::size_t>(std::max(size, 0))};
}

bool says_error(const Json& facts) { return facts.is_object() && facts.contains("error") && facts.contains("message"); }

std::string text_shown(const Json& value) {
  if (value.is_string()) return clean(value.get_ref<const std::string&>(), /*utf8=*/true);
  return clean(value.dump(-1, ' ', false, Json::error_handler_t::replace), /*utf8=*/true);
}

/// What an answer says, as far as it fits into a line.
std::string in_short(const Json& facts) {
  if (says_error(facts)) return text_shown(facts["message"]);
  if (!facts.is_object()) return "";
  std::string text;
  for (const auto& [name, value] : facts.items()) {
    const std::string one = (text.empty() ? "" : ", ") + name + " " + text_shown(value);
    if (text.size() + one.size() > short_facts) return text.empty() ? name + " ..." : text + ", ...";
    text += one;
  }
  return text;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

std::string places_of(std::size_t first, std::size_t count) {
  return count == 1 ? std::to_string(first) : std::to_string(first) + "-" + std::to_string(first + count - 1);
}

/// The letters of a payload that is a text: "CELL?".
std::string letters_of(Bytes bytes) {
  const auto printable = [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7F; };
  if (bytes.size() < 3 || !std::ranges::all_of(bytes, printable)) return "";
  return "  \"" + std::string(bytes.begin(), bytes.end()) + "\"";
}

std::string sum_in_words(const FramePart& part) {
  const auto number = [&](std::uint16_t value) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value & 0xFFU)};
    return to_hex(Bytes(bytes).last(part.size));
  };
  return "  received " + number(part.received) + ", computed " + number(*part.computed) +
         (part.received == *part.computed ? "" : ": wrong");
}

bool is_hidden(const TraceFrame& frame, const FramePart& part) {
  const auto from = frame.hidden.begin() + static_cast<std::ptrdiff_t>(part.offset);
  return std::any_of(from, from + static_cast<std::ptrdiff_t>(part.size), [](bool hidden) { return hidden; });
}

std::string remark_on(const TraceFrame& frame, const FramePart& part) {
  if (is_hidden(frame, part)) return "  a password, not shown";
  if (part.computed) return sum_in_words(part);
  return part.role == Role::payload ? letters_of(Bytes(frame.bytes).subspan(part.offset, part.size)) : "";
}

std::string lines_of_part(const TraceFrame& frame, const FramePart& part) {
  std::string text;
  for (std::size_t done = 0; done < part.size; done += bytes_in_line) {
    const std::size_t count = std::min(bytes_in_line, part.size - done);
    text += indent + padded(places_of(part.offset + done, count), places_width) +
            padded(done == 0 ? std::string(name_of(part.role)) : "", role_width) +
            hex_of(frame, part.offset + done, count) + (done == 0 ? remark_on(frame, part) : "") + "\n";
  }
  return text;
}

Json json_of_parts(const TraceFrame& frame) {
  Json parts = Json::array();
  for (const FramePart& part : frame.parts) {
    Json one{{"offset", part.offset},
             {"role", name_of(part.role)},
             {"bytes", to_hex(Bytes(frame.bytes).subspan(part.offset, part.size))}};
    if (part.computed) {
      one["received"] = part.received;
      one["computed"] = *part.computed;
    }
    if (is_hidden(frame, part)) one["hidden"] = true;
    parts.push_back(std::move(one));
  }
  return parts;
}

}  // namespace

std::string line_of(const TraceFrame& frame, TimePoint zero) {
  const std::string time = time_of(frame, zero);
  if (frame.bytes.empty()) return time + "   no answer";
  const std::string meaning = frame.sent ? clean(frame.asks, /*utf8=*/true) : in_short(frame.facts);
  return time + (frame.sent ? " → " : " ← ") + hex_of(frame, 0, frame.bytes.size()) +
         (meaning.empty() ? "" : "  " + meaning);
}

std::string lines_of_parts(const TraceFrame& frame) {
  std::string text;
  for (const FramePart& part : frame.parts) text += lines_of_part(frame, part);
  if (!frame.facts.is_object()) return text;
  for (const auto& [name, value] : frame.facts.items())
    text += indent + padded("", places_width) + padded("means", role_width) + name + " = " + text_shown(value) + "\n";
  return text;
}

Json json_of(const TraceFrame& frame, TimePoint zero, bool with_parts) {
  Json json{{"time_s", std::chrono::duration<double>(frame.at - zero).count()},
            {frame.sent ? "sent" : "received", to_hex(frame.bytes)}};
  if (!frame.asks.empty()) json["asks"] = frame.asks;
  if (!frame.facts.is_null()) json["facts"] = frame.facts;
  if (with_parts) json["parts"] = json_of_parts(frame);
  return json;
}

}  // namespace bms::cli
