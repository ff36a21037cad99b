#include "driver/twin_watch.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "line/identity.hpp"

namespace bms::driver {

namespace {

constexpr std::chrono::seconds time_between_looks{30};

}  // namespace

TwinWatch::TwinWatch(boost::asio::io_context& loop, const std::string& directory, const DeviceInfo& device,
                     const link::Port& port, const std::string& place, std::string prefix)
    : port_(port),
      serial_(device.serial),
      prefix_(std::move(prefix)),
      presence_(directory, line::battery_id(device.family, device.serial), place),
      timer_(loop) {
  look();
}

void TwinWatch::look() {
  std::string places;
  for (const std::string& place : presence_.elsewhere()) places += (places.empty() ? "" : ", ") + place;
  std::string trouble;
  if (!places.empty()) {
    trouble = "a board with the same serial number " + serial_ + " is read at " + places +
              " as well. If it is the same board, it counts twice: ";
    trouble += port_.on_air ? "take the section [battery " + port_.path + "] out of config.ini"
                            : "take the section with its Bluetooth address out of config.ini";
    trouble += ", or unplug its cable";
  }
  if (!trouble.empty() && trouble != trouble_) spdlog::warn("{}{}", prefix_, trouble);
  if (trouble.empty() && !trouble_.empty()) spdlog::info("{}the board is read in one way alone now", prefix_);
  trouble_ = std::move(trouble);
  // Whoever has a cable has said it when it came; a line without one shows it for as long as it is so.
  if (port_.on_air) timer_.after(time_between_looks, [this] { look(); });
}

}  // namespace bms::driver
