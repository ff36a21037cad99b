#include "driver/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace bms::driver {

void set_up_log() {
  auto log = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stdout_sink_st>());
  log->set_pattern("%l: %v");
  log->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(log));
}

void set_log_level(const std::string& level) { spdlog::set_level(spdlog::level::from_str(level)); }

void log_faults(const config::Config& config) {
  const auto& faults = config.faults();
  const std::size_t count = std::min(faults.size(), most_lines_about_file);
  for (std::size_t i = 0; i < count; ++i) spdlog::error("{}", faults[i].text());
  if (count < faults.size()) spdlog::error("and {} more faults; \"config check\" names them", faults.size() - count);
}

}  // namespace bms::driver
