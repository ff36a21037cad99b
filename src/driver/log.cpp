#include "driver/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
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

/// What the journal calls the priority of a line; it takes it off again.
class Priority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/, spdlog::memory_buf_t& out) override {
    const std::string_view words = mark(message.level);
    out.append(words.data(), words.data() + words.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<Priority>(); }

 private:
  static std::string_view mark(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::critical: return "<2>";
      case spdlog::level::err: return "<3>";
      case spdlog::level::warn: return "<4>";
      case spdlog::level::info: return "<6>";
      default: return "<7>";
    }
  }
};

/// Whether what is written to this descriptor goes to the journal: systemd says which stream that is.
bool is_journal(int descriptor) {
  const char* const stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe)
  struct stat found{};
  if (stream == nullptr || fstat(descriptor, &found) != 0) return false;
  return std::to_string(found.st_dev) + ":" + std::to_string(found.st_ino) == stream;
}

/// Whether it can take away what stands in a line.
bool terminal_erases() {
  const char* const kind = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe)
  return kind != nullptr && *kind != 0 && kind != std::string_view("dumb");
}

std::string pattern() {
  // Where nobody else adds the time. In front of it may stand what goes on just now (ProgressLine).
  if (isatty(STDOUT_FILENO) == 1) return std::string(terminal_erases() ? "\r\033[K" : "") + "%H:%M:%S %l: %v";
  return is_journal(STDOUT_FILENO) ? "%*%l: %v" : "%l: %v";
}

}  // namespace

void set_up_log() {
  auto log = std::make_shared<spdlog::logger>("", std::make_shared<SievedOutput>());
  auto lines = std::make_unique<spdlog::pattern_formatter>();
  lines->add_flag<Priority>('*');
  lines->set_pattern(pattern());
  log->set_formatter(std::move(lines));
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
