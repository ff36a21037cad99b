#include "driver/daemon.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <stdexcept>

#include "driver/line.hpp"
#include "driver/log.hpp"
#include "driver/outlets.hpp"
#include "driver/service_manager.hpp"
#include "driver/tapping.hpp"
#include "files/footprint.hpp"
#include "files/handed_over.hpp"
#include "link/capture.hpp"
#include "link/serial_link.hpp"

namespace bms::driver {

namespace asio = boost::asio;

namespace {

constexpr std::uint64_t capture_limit_bytes = 10'000'000;

/// Begins to record what passes over a line. Throws std::invalid_argument when the file cannot be made.
std::unique_ptr<link::Recorder> recorder(const std::string& file) {
  auto created = link::CaptureFile::create(file, capture_limit_bytes, [](const std::string& what, bool problem) {
    spdlog::log(problem ? spdlog::level::err : spdlog::level::warn, "{}", what);
  });
  if (!created) throw std::invalid_argument("--capture: " + created.error().message);
  return std::make_unique<link::Recorder>(*std::move(created), Clock::now());
}

/// Throws std::invalid_argument for what one process cannot do.
void check(const RunOptions& options) {
  const auto& ttys = options.ttys;
  if (ttys.size() > 1 && !options.capture_file.empty())
    throw std::invalid_argument("--capture records one line; run the port that it is about alone");
  for (auto tty = ttys.begin(); tty != ttys.end(); ++tty) {
    if (std::find(ttys.begin(), tty, *tty) != tty) throw std::invalid_argument("TTY: " + *tty + " is named twice");
  }
}

class Daemon {
 public:
  Daemon(const RunOptions& options, const config::Config& config);

  [[nodiscard]] ExitCode run();

 private:
  /// A serial port, and the line that it is.
  class SerialLine {
   public:
    SerialLine(Daemon& daemon, const RunOptions& options, const std::string& tty);

    asio::awaitable<void> live();
    void end();

   private:
    void begin(line::PortSearch search);
    void record(const std::string& file);
    [[nodiscard]] line::PortSearch search() const;

    Daemon& daemon_;
    const RunOptions& options_;
    link::Port port_;
    Pulse pulse_;
    std::optional<link::SerialLink> serial_;
    std::shared_ptr<link::Tap> tap_ = make_tap();
    std::optional<link::TappedLink> line_to_board_;
    std::unique_ptr<link::Recorder> recorder_;
    Listening recording_;
    std::optional<Line> line_;
  };

  void finish(ExitCode code);

  const config::Config& config_;
  MemoryPlaces places_;
  asio::io_context loop_{1};
  asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  Watchdog watchdog_;
  ServiceManager manager_{loop_};
  Outlets outlets_;
  std::vector<std::unique_ptr<SerialLine>> lines_;
  std::size_t living_ = 0;  ///< lines that have not ended
  ExitCode exit_code_ = ExitCode::stopped;
};

Daemon::SerialLine::SerialLine(Daemon& daemon, const RunOptions& options, const std::string& tty)
    : daemon_(daemon), options_(options), port_(link::port_of(tty)), pulse_(daemon.watchdog_, pulse_limit) {
  line::PortSearch looked_for = search();
  serial_.emplace(daemon.loop_, port_.path, looked_for.candidates().front().options.variant.baud);
  line_to_board_.emplace(*serial_, *tap_);
  if (daemon.config_.settings_for({port_.name}).trace_memory) tap_->remember();
  if (!options.capture_file.empty()) record(options.capture_file);
  begin(std::move(looked_for));
}

void Daemon::SerialLine::record(const std::string& file) {
  recorder_ = recorder(file);
  recording_ = tap_->listen([this](const Traffic& piece) { recorder_->take(piece); });
}

line::PortSearch Daemon::SerialLine::search() const {
  return {port_, options_.bms, options_.addresses, options_.state_directory, daemon_.config_};
}

void Daemon::SerialLine::begin(line::PortSearch search) {
  Daemon& daemon = daemon_;
  const auto lose = [&daemon] { daemon.finish(ExitCode::lost); };
  const Surroundings around{.loop = daemon.loop_,
                            .line = *line_to_board_,
                            .port = port_,
                            .config = daemon.config_,
                            .places = daemon.places_,
                            .pulse = pulse_,
                            .alone = options_.ttys.size() == 1,
                            .give_up = lose,
                            .interval_s = options_.interval_s,
                            .tap = tap_};
  LineOptions told;
  told.make_faces = [this, lose](const std::string& place, const std::shared_ptr<const Desks>& desks) {
    return daemon_.outlets_.make_faces(port_.name, place, desks, lose);
  };
  told.on_found = [this](const link::ReachedBoard& board) {
    if (recorder_) recorder_->note(board);
  };
  line_.emplace(around, std::move(search), std::move(told));
}

asio::awaitable<void> Daemon::SerialLine::live() {
  // The only line of a process ends with it, and a supervisor starts it anew.
  for (bool anew = true; anew;) {
    const bool another_board = co_await line_->live();
    end();
    anew = another_board && options_.ttys.size() > 1;
    if (anew) begin(search());
  }
  pulse_.stop();
}

/// Its batteries leave the bus: while other lines go on, nobody would ever take back what is said there.
void Daemon::SerialLine::end() {
  if (!line_) return;
  line_->end();
  line_.reset();
}

Daemon::Daemon(const RunOptions& options, const config::Config& config)
    : config_(config),
      places_{.lasting = options.state_directory, .in_memory = options.run_directory},
      outlets_(loop_, options, config) {
  check(options);
  for (const std::string& tty : options.ttys) lines_.push_back(std::make_unique<SerialLine>(*this, options, tty));
}

ExitCode Daemon::run() {
  signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
    if (cancelled) return;
    spdlog::info("stopping on signal {}", signal);
    finish(ExitCode::stopped);
  });
  living_ = lines_.size();
  for (const auto& line : lines_) {
    asio::co_spawn(loop_, line->live(), [this](const std::exception_ptr& problem) {
      if (problem) std::rethrow_exception(problem);
      if (--living_ == 0) finish(ExitCode::not_found);
    });
  }
  files::give_back_startup_memory();  // of the command line and the configuration
  manager_.ready();
  loop_.run();
  manager_.stopping();
  for (const auto& line : lines_) line->end();
  outlets_.stop();
  return exit_code_;
}

void Daemon::finish(ExitCode code) {
  exit_code_ = code;
  loop_.stop();
}

}  // namespace

std::string usual_state_directory() { return files::handed_over("STATE_DIRECTORY", "/data/dbus-bms"); }

std::string usual_run_directory() { return files::handed_over("RUNTIME_DIRECTORY", "/run/dbus-bms"); }

ExitCode run_daemon(const RunOptions& options) {
  set_up_log();
  const config::Config config =
      options.config_file.empty() ? config::Config() : config::Config::read_file(options.config_file);
  // What is faulty has its fallback, which allows less and not more: a battery without its driver would be worse off.
  log_faults(config);

  set_log_level(config.settings_for({link::port_of(options.ttys.front()).name}).log_level);

  try {
    return Daemon(options, config).run();
  } catch (const std::invalid_argument& mistake) {
    spdlog::error("{}", mistake.what());
    return ExitCode::configuration;
  } catch (const std::exception& problem) {
    spdlog::critical("{}", problem.what());
    return ExitCode::lost;
  }
}

}  // namespace bms::driver
