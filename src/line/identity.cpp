#include "line/identity.hpp"

#include <utility>

namespace bms::line {

namespace asio = boost::asio;

namespace {

constexpr int attempts = 10;
constexpr int attempts_without_number = 2;

constexpr std::size_t longest_id = 100;  // a name on the bus has room for 255 bytes

// Not std::isalnum: what is a letter must not depend on the locale.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }

/// Appends what is allowed; one '_' stands for anything else in a row.
void append_allowed(std::string& id, std::string_view text) {
  for (const char c : text) {
    if (is_letter(c) || is_digit(c))
      id += c;
    else if (!id.empty() && id.back() != '_')
      id += '_';
  }
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  return result;
}

}  // namespace

std::string identity_of(const DeviceInfo& device) {
  return device.serial.empty() ? std::string() : device.family + ":" + device.serial;
}

std::string battery_id(std::string_view family, std::string_view identity) {
  std::string id;
  append_allowed(id, family.empty() ? "battery" : lower(family));
  append_allowed(id, "_");
  append_allowed(id, identity);
  id.resize(std::min(id.size(), longest_id));
  while (!id.empty() && id.back() == '_') id.pop_back();
  return id.empty() ? "battery" : id;
}

asio::awaitable<DeviceInfo> ask_who_is_there(Session& session, Protocol& protocol, bool line_noisy,
                                             std::function<void()> alive) {
  DeviceInfo heard;
  int without_number = 0;  // in a row, and nothing was damaged on its way
  for (int left = attempts; left > 0; --left) {
    const std::uint64_t damaged_before = session.statistics().damaged;
    const auto query = protocol.identify();
    const auto ran = co_await session.run(*query);
    alive();
    if (!ran) break;
    auto device = query->result();
    if (!device) continue;
    const bool intact = session.statistics().damaged == damaged_before;
    const bool confirmed = !device->serial.empty() && device->serial == heard.serial;
    without_number = intact && device->serial.empty() ? without_number + 1 : 0;
    // Others on its line wait meanwhile, and many a board has no number to tell.
    const bool has_none = without_number >= attempts_without_number;
    if ((intact && !line_noisy) || confirmed || has_none) co_return *std::move(device);
    if (heard.serial.empty() || !device->serial.empty()) heard = *std::move(device);
  }
  // A number that was heard once on a noisy line, and never confirmed, may be wrong.
  heard.serial.clear();
  co_return heard;
}

}  // namespace bms::line
