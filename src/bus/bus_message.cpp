#include "bus/bus_message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace bms::bus {
namespace {

/// Reads a basic type into what holds all of its values.
template <class Wire, class Kept>
std::optional<items::Incoming> read_as(sd_bus_message* message, char type) {
  Wire value{};
  if (sd_bus_message_read_basic(message, type, &value) <= 0) return std::nullopt;
  return items::Incoming{static_cast<Kept>(value)};
}

std::optional<items::Incoming> read_kept_text(sd_bus_message* message) {
  const char* value = nullptr;
  if (sd_bus_message_read_basic(message, 's', static_cast<void*>(&value)) <= 0) return std::nullopt;
  const std::string_view text{value};
  return text.size() > longest_text ? std::nullopt : std::optional<items::Incoming>{std::string{text}};
}

std::optional<items::Incoming> read_empty_array(sd_bus_message* message, const char* contents) {
  if (sd_bus_message_enter_container(message, 'a', contents) <= 0) return std::nullopt;
  return sd_bus_message_at_end(message, 0) > 0 ? std::optional<items::Incoming>{items::Incoming{}} : std::nullopt;
}

std::optional<items::Incoming> read_unwrapped(sd_bus_message* message) {
  char type = 0;
  const char* contents = nullptr;
  if (sd_bus_message_peek_type(message, &type, &contents) <= 0) return std::nullopt;
  switch (type) {
    case 'y': return read_as<std::uint8_t, std::int64_t>(message, type);
    case 'n': return read_as<std::int16_t, std::int64_t>(message, type);
    case 'q': return read_as<std::uint16_t, std::int64_t>(message, type);
    case 'i': return read_as<std::int32_t, std::int64_t>(message, type);
    case 'u': return read_as<std::uint32_t, std::int64_t>(message, type);
    case 'x': return read_as<std::int64_t, std::int64_t>(message, type);
    case 't': return read_as<std::uint64_t, double>(message, type);  // no item needs more than 53 bits
    case 'b': return read_as<int, std::int64_t>(message, type);
    case 'd': return read_as<double, double>(message, type);
    case 's': return read_kept_text(message);
    case 'a': return read_empty_array(message, contents);
    default: return std::nullopt;
  }
}

}  // namespace

void MessageWriter::append_value(const items::Value& value) {
  if (!items::is_valid(value)) return append("v", "ai", 0);
  if (const auto* count = std::get_if<std::int32_t>(&value)) {
    open('v', "i");
    append_basic('i', count);
  } else if (const auto* number = std::get_if<double>(&value)) {
    open('v', "d");
    append_basic('d', number);
  } else {
    open('v', "s");
    append_basic('s', std::get<std::string>(value).c_str());
  }
  close();
}

void MessageWriter::append_item(const items::Item& item, bool with_range) {
  open('e', "sa{sv}");
  append_basic('s', item.path.c_str());
  open('a', "{sv}");
  append_named("Value", item.value);
  open('e', "sv");
  append_basic('s', "Text");
  open('v', "s");
  items::NumberText room;
  append_basic('s', item.text(room));
  close();
  close();
  if (with_range && item.write && item.write->range) {
    append_named("Min", item.bound(&items::Range::min));
    append_named("Max", item.bound(&items::Range::max));
    append_named("Default", item.bound(&items::Range::initial));
  }
  close();
  close();
}

void MessageWriter::append_named(const char* name, const items::Value& value) {
  open('e', "sv");
  append_basic('s', name);
  append_value(value);
  close();
}

std::optional<items::Incoming> read_value(sd_bus_message* message) {
  char type = 0;
  const char* contents = nullptr;
  if (sd_bus_message_peek_type(message, &type, &contents) <= 0) return std::nullopt;
  if (type != 'v') return read_unwrapped(message);
  if (sd_bus_message_enter_container(message, 'v', contents) <= 0) return std::nullopt;
  return read_unwrapped(message);
}

}  // namespace bms::bus
