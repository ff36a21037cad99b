#include "driver/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <string_view>

#include "driver/log_sieve.hpp"
#include "venus/utf8.hpp"

namespace bms::driver {
namespace {

/// Where every line passes. Some have words in them that came from a board or from the bus: nothing in there may steer
/// the terminal of whoever reads the log, or look like another line.
class SievedOutput final : public spdlog::sinks::stdout_sink_st {
 public:
  void log(const spdlog::details::log_msg& message) override {
    const std::string_view line{message.payload.data(), message.payload.size()};
    const std::string clean = venus::is_clean_text(line) ? std::string{line} : venus::clean_text(line);
    // Who asks for every detail gets it.
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
  log->set_pattern("%l: %v");
  log->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(log));
}

void set_log_level(const std::string& level) { spdlog::set_level(spdlog::level::from_str(level)); }

}  // namespace bms::driver
