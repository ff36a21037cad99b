#include "driver/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "bms/utf8.hpp"
#include "driver/log_sieve.hpp"

namespace bms::driver {
namespace {

/// Where every line passes. Some have words in them that came from a board or from the bus: nothing in there may steer
/// the terminal of whoever reads the log, or look like another line.
class SievedOutput final : public spdlog::sinks::stdout_sink_st {
 public:
  void log(const spdlog::details::log_msg& message) override {
    const std::string_view line{message.payload.data(), message.payload.size()};
    const std::string clean = is_clean_text(line) ? std::string{line} : clean_text(line);
    // Whoever asks for every detail gets it.
    const std::optional<std::string> written =
        message.level <= spdlog::level::debug ? clean
                                              : sieve_.pass(clean, message.level >= spdlog::level::err, Clock::now());
    if (!written) return;
    spdlog::details::log_msg sieved = message;
    sieved.payload = *written;
    spdlog::sinks::stdout_sink_st::log(sieved);
  }

 private:
  LogSieve sieve_;
};

}  // namespace

void set_up_log() {
  auto log = std::make_shared<spdlog::logger>("", std::make_shared<SievedOutput>());
  // Where nobody else adds the time.
  log->set_pattern(isatty(STDOUT_FILENO) == 1 ? "%H:%M:%S %l: %v" : "%l: %v");
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
