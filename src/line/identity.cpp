#include "line/identity.hpp"

#include <utility>

namespace bms::line {

namespace asio = boost::asio;

namespace {

constexpr int attempts = 10;

}  // namespace

std::string identity_of(const DeviceInfo& device) {
  return device.serial.empty() ? std::string() : device.family + ":" + device.serial;
}

asio::awaitable<DeviceInfo> ask_who_is_there(Session& session, Protocol& protocol, bool line_noisy,
                                             std::function<void()> alive) {
  DeviceInfo heard;
  for (int left = attempts; left > 0; --left) {
    const std::uint64_t damaged_before = session.statistics().damaged;
    const auto query = protocol.identify();
    const auto ran = co_await session.run(*query);
    alive();
    if (!ran) break;
    auto device = query->result();
    if (!device) continue;
    const bool clean = !line_noisy && session.statistics().damaged == damaged_before;
    const bool confirmed = !device->serial.empty() && device->serial == heard.serial;
    if (clean || confirmed) co_return *std::move(device);
    if (heard.serial.empty() || !device->serial.empty()) heard = *std::move(device);
  }
  // One that was lost is no sign that there is none.
  heard.serial.clear();
  co_return heard;
}

}  // namespace bms::line
