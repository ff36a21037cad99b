#include "bus/bus_properties.hpp"

#include <cstring>
#include <utility>

#include "bus/bus_calls.hpp"
#include "bus/bus_message.hpp"

namespace bms::bus {

namespace {

template <class Raw>
std::optional<Raw> read_basic(sd_bus_message* message, char type) {
  Raw raw{};
  if (sd_bus_message_read_basic(message, type, static_cast<void*>(&raw)) <= 0) return std::nullopt;
  return raw;
}

template <class Raw>
Property read_number(sd_bus_message* message, char type) {
  const auto raw = read_basic<Raw>(message, type);
  return raw ? Property{static_cast<std::int64_t>(*raw)} : Property{};
}

Property read_word(sd_bus_message* message, char type) {
  const auto raw = read_basic<const char*>(message, type);
  if (!raw || std::strlen(*raw) > longest_text) return {};
  return std::string{*raw};
}

std::optional<Bytes> read_bytes(sd_bus_message* message) {
  const void* data = nullptr;
  std::size_t size = 0;
  if (sd_bus_message_read_array(message, 'y', &data, &size) < 0) return std::nullopt;
  return Bytes{static_cast<const std::uint8_t*>(data), size};
}

Property read_word_list(sd_bus_message* message) {
  std::vector<std::string> words;
  read_texts(message, [&](std::string_view text) {
    if (text.size() <= longest_text) words.emplace_back(text);
  });
  return words;
}

Property read_numbered_bytes(sd_bus_message* message) {
  NumberedBytes all;
  if (sd_bus_message_enter_container(message, 'a', "{qv}") <= 0) return {};
  while (sd_bus_message_enter_container(message, 'e', "qv") > 0) {
    const auto number = read_basic<std::uint16_t>(message, 'q');
    if (!number || sd_bus_message_enter_container(message, 'v', "ay") <= 0) return {};
    if (const auto bytes = read_bytes(message)) all[*number].assign(bytes->begin(), bytes->end());
    const bool variant_left = sd_bus_message_exit_container(message) >= 0;
    if (!variant_left || sd_bus_message_exit_container(message) < 0) return {};
  }
  sd_bus_message_exit_container(message);
  return all;
}

/// What stands in a variant of this contents; it has been entered, and has to be passed over if monostate comes.
Property read_contents(sd_bus_message* message, std::string_view contents) {
  if (contents == "b") {
    const auto raw = read_basic<int>(message, 'b');
    return raw ? Property{*raw != 0} : Property{};
  }
  if (contents == "y") return read_number<std::uint8_t>(message, 'y');
  if (contents == "n") return read_number<std::int16_t>(message, 'n');
  if (contents == "q") return read_number<std::uint16_t>(message, 'q');
  if (contents == "i") return read_number<std::int32_t>(message, 'i');
  if (contents == "u") return read_number<std::uint32_t>(message, 'u');
  if (contents == "s" || contents == "o") return read_word(message, contents.front());
  if (contents == "as") return read_word_list(message);
  if (contents == "a{qv}") return read_numbered_bytes(message);
  sd_bus_message_skip(message, std::string{contents}.c_str());
  return {};
}

/// The contents of the variant that comes next; nullptr: it is no variant.
const char* contents_of_variant(sd_bus_message* message) {
  char type = 0;
  const char* contents = nullptr;
  return sd_bus_message_peek_type(message, &type, &contents) > 0 && type == 'v' ? contents : nullptr;
}

/// Walks a{sv}; `on_value` reads the variant that comes next, or passes it over. Returns as the functions above.
template <class OnValue>
bool walk_dictionary(sd_bus_message* message, OnValue on_value) {
  if (sd_bus_message_enter_container(message, 'a', "{sv}") <= 0) return false;
  while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
    const char* name = read_text(message);
    const char* contents = name ? contents_of_variant(message) : nullptr;
    if (!contents || !on_value(name, contents) || sd_bus_message_exit_container(message) < 0) return false;
  }
  return sd_bus_message_exit_container(message) >= 0;
}

}  // namespace

bool read_object_properties(sd_bus_message* message, const PropertyHandler& handler) {
  return walk_dictionary(message, [&](const char* name, const char* contents) {
    if (sd_bus_message_enter_container(message, 'v', contents) <= 0) return false;
    handler(name, read_contents(message, contents));
    return sd_bus_message_exit_container(message) >= 0;
  });
}

bool read_interfaces(sd_bus_message* message, const std::function<void(std::string_view)>& on_interface,
                     const std::function<void(std::string_view, std::string_view, const Property&)>& on_property) {
  if (sd_bus_message_enter_container(message, 'a', "{sa{sv}}") <= 0) return false;
  while (sd_bus_message_enter_container(message, 'e', "sa{sv}") > 0) {
    const char* interface = read_text(message);
    if (!interface) return false;
    on_interface(interface);
    const auto take = [&](std::string_view name, const Property& value) { on_property(interface, name, value); };
    if (!read_object_properties(message, take) || sd_bus_message_exit_container(message) < 0) return false;
  }
  return sd_bus_message_exit_container(message) >= 0;
}

bool read_objects(sd_bus_message* message, const std::function<bool(std::string_view)>& on_object) {
  if (sd_bus_message_enter_container(message, 'a', "{oa{sa{sv}}}") <= 0) return false;
  while (sd_bus_message_enter_container(message, 'e', "oa{sa{sv}}") > 0) {
    const char* path = read_path(message);
    if (!path || !on_object(path) || sd_bus_message_exit_container(message) < 0) return false;
  }
  return sd_bus_message_exit_container(message) >= 0;
}

bool skip_interfaces(sd_bus_message* message) { return sd_bus_message_skip(message, "a{sa{sv}}") >= 0; }

bool read_texts(sd_bus_message* message, const std::function<void(std::string_view)>& handler) {
  if (sd_bus_message_enter_container(message, 'a', "s") <= 0) return false;
  while (const char* text = read_text(message)) handler(text);
  return sd_bus_message_exit_container(message) >= 0;
}

const char* read_path(sd_bus_message* message) { return read_basic<const char*>(message, 'o').value_or(nullptr); }

std::optional<Bytes> find_bytes(sd_bus_message* message, std::string_view name) {
  std::optional<Bytes> found;
  walk_dictionary(message, [&](std::string_view key, const char* contents) {
    if (key != name || std::string_view{contents} != "ay") return sd_bus_message_skip(message, "v") >= 0;
    if (sd_bus_message_enter_container(message, 'v', "ay") <= 0) return false;
    found = read_bytes(message);
    return sd_bus_message_exit_container(message) >= 0;
  });
  return found;
}

}  // namespace bms::bus
