#include "driver/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace bms::driver {

void set_up_log() {
  auto log = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stdout_sink_st>());
  log->set_pattern("%l: %v");
  log->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(log));
}

void set_log_level(const std::string& level) { spdlog::set_level(spdlog::level::from_str(level)); }

}  // namespace bms::driver
