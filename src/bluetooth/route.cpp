#include "bluetooth/route.hpp"

#include "bluetooth/uuid.hpp"

namespace bms::bluetooth {

namespace {

constexpr std::string_view notify_flag = "notify";
constexpr std::string_view command_flag = "write-without-response";
constexpr std::string_view request_flag = "write";

bool notifies(const CharacteristicObject& one) { return one.has(notify_flag); }
bool is_written(const CharacteristicObject& one) { return one.has(command_flag) || one.has(request_flag); }

/// Of those in a service that have a role the one with this number, else the first.
const ByPath<CharacteristicObject>::value_type* find(const Objects& objects, std::string_view service,
                                                     bool (*has_role)(const CharacteristicObject&),
                                                     std::uint16_t number) {
  const ByPath<CharacteristicObject>::value_type* found = nullptr;
  for (const auto& one : objects.characteristics()) {
    if (one.second.service != service || !has_role(one.second)) continue;
    if (short_uuid(one.second.uuid) == number) return &one;
    if (found == nullptr) found = &one;
  }
  return found;
}

}  // namespace

std::optional<Route> route_to(const Objects& objects, std::string_view device, std::span<const GattLayout> layouts) {
  for (const GattLayout& layout : layouts) {
    for (const auto& [path, service] : objects.services()) {
      if (service.device != device || short_uuid(service.uuid) != layout.service) continue;
      const auto* out = find(objects, path, notifies, layout.notifies);
      const auto* in = find(objects, path, is_written, layout.written);
      if (out == nullptr || in == nullptr) continue;
      return Route{.notifies = out->first,
                   .written = in->first,
                   .without_response = in->second.has(command_flag),
                   .with_response = in->second.has(request_flag)};
    }
  }
  return std::nullopt;
}

std::string services_in_words(const Objects& objects, std::string_view device) {
  std::string words;
  for (const auto& [path, service] : objects.services()) {
    if (service.device != device) continue;
    const auto number = short_uuid(service.uuid);
    words += (words.empty() ? "" : ", ") + (number ? service.uuid.substr(long_form_begin.size(), 4) : service.uuid);
  }
  return words.empty() ? "none" : words;
}

}  // namespace bms::bluetooth
