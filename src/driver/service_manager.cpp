#include "driver/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace bms::driver {

void ServiceManager::ready() {
  sd_notify(0, "READY=1");
  std::uint64_t limit_us = 0;
  if (sd_watchdog_enabled(0, &limit_us) <= 0) return;
  pause_ = std::chrono::microseconds(limit_us) / 2;
  beat();
}

void ServiceManager::stopping() { sd_notify(0, "STOPPING=1"); }

void ServiceManager::beat() {
  sd_notify(0, "WATCHDOG=1");
  beat_.after(pause_, [this] { beat(); });
}

}  // namespace bms::driver
