#include "driver/daemon.hpp"

#include <spdlog/spdlog.h>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <memory>

#include "config/unused_sections.hpp"
#include "driver/log.hpp"
#include "driver/member.hpp"
#include "driver/owner_config.hpp"
#include "driver/progress.hpp"
#include "driver/repeats.hpp"
#include "files/footprint.hpp"
#include "line/detection.hpp"
#include "line/port_search.hpp"
#include "link/capture.hpp"
#include "link/serial_link.hpp"
#include "registry.hpp"

namespace bms::driver {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto watchdog_limit = 15s;    // the longest poll, every question unanswered, takes half of it
constexpr auto first_poll_time = 2s;    // no new attempt is begun after this; the last may take 3 s more
constexpr auto first_retry_pause = 5s;  // when a board that is waited for does not answer at the start
constexpr auto longest_retry_pause = 60s;
constexpr auto short_retry_pause = 1s;  // somebody does answer, though damaged
constexpr auto time_between_progress = 5s;
constexpr auto reopen_pause = 500ms;
constexpr auto gone_limit = 10min;            // an adapter that is away for so long comes back as another one
constexpr auto sections_known_after = 10min;  // who has not come by then is not expected any more
constexpr std::uint64_t capture_limit_bytes = 10'000'000;

/// Whether something came that may be an answer, though none that can be used.
bool somebody_answers(const Error& why) {
  using enum ErrorKind;
  return why.kind != silent && why.kind != link && why.kind != foreign && why.kind != unsupported;
}

class Daemon {
 public:
  Daemon(const RunOptions& options, const config::Config& config);

  [[nodiscard]] ExitCode run();

 private:
  // The life of the daemon, in order.
  asio::awaitable<void> live();
  asio::awaitable<bool> find_boards();
  [[nodiscard]] std::string with_port(const Error& why) const;
  [[nodiscard]] std::string advice_on(const Error& why) const;
  asio::awaitable<Result<void>> look_once();
  asio::awaitable<Result<void>> hear_someone();
  asio::awaitable<bool> reopen(Error why);
  asio::awaitable<bool> boards_are_the_same();

  void enlist(line::Candidate candidate, std::unique_ptr<Protocol> protocol);
  asio::awaitable<void> rest(Clock::duration time);
  void report_unused_sections() const;
  void finish(ExitCode code);

  const config::Config& config_;
  link::Port port_;
  line::PortSearch search_;
  std::optional<double> interval_s_;
  MemoryPlaces places_;

  asio::io_context loop_{1};
  asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  Watchdog watchdog_{watchdog_limit};
  link::SerialLink serial_;
  std::optional<link::CaptureLink> capture_;
  link::Link& line_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<Polled*> turns_;
  asio::steady_timer sections_timer_{loop_};
  ExitCode exit_code_ = ExitCode::stopped;
};

link::Link& recorded(link::Link& line, const std::string& file, std::optional<link::CaptureLink>& capture) {
  if (file.empty()) return line;
  auto created = link::CaptureFile::create(file, capture_limit_bytes, [](const std::string& what, bool problem) {
    spdlog::log(problem ? spdlog::level::err : spdlog::level::warn, "{}", what);
  });
  if (!created) throw std::invalid_argument("--capture: " + created.error().message);
  return capture.emplace(line, *std::move(created));
}

Daemon::Daemon(const RunOptions& options, const config::Config& config)
    : config_(config),
      port_(link::port_of(options.tty)),
      search_(port_, options.bms, options.addresses, options.state_directory, config),
      interval_s_(options.interval_s),
      places_{.lasting = options.state_directory, .in_memory = options.run_directory},
      serial_(loop_, port_.path, search_.candidates().front().options.variant.baud),
      line_(recorded(serial_, options.capture_file, capture_)) {}

ExitCode Daemon::run() {
  signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
    if (cancelled) return;
    spdlog::info("stopping on signal {}", signal);
    finish(ExitCode::stopped);
  });
  asio::co_spawn(loop_, live(), [](const std::exception_ptr& problem) {
    if (problem) std::rethrow_exception(problem);
  });
  give_back_startup_memory();  // of the command line and the configuration
  loop_.run();
  for (const auto& member : members_) member->save();
  return exit_code_;
}

void Daemon::finish(ExitCode code) {
  exit_code_ = code;
  loop_.stop();
}

asio::awaitable<void> Daemon::live() {
  spdlog::info("{}: looking for {}", port_.path, search_.wanted());
  if (!co_await find_boards()) co_return finish(ExitCode::not_found);

  const auto interval = milliseconds(interval_s_.value_or(members_.front()->settings().poll_interval_s));
  sections_timer_.expires_after(sections_known_after);
  sections_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) report_unused_sections();
  });
  watchdog_.feed(watchdog_limit + std::chrono::ceil<std::chrono::seconds>(interval));
  for (;;) {
    Error why = co_await poll_in_turn(line_, turns_, interval);
    if (!co_await reopen(std::move(why))) co_return finish(ExitCode::not_found);
  }
}

void Daemon::enlist(line::Candidate candidate, std::unique_ptr<Protocol> protocol) {
  const unsigned address = candidate.options.variant.address;
  const std::string name = search_.several() ? port_.name + "_" + std::to_string(address) : port_.name;
  const Surroundings around{.loop = loop_,
                            .line = line_,
                            .port = port_,
                            .config = config_,
                            .places = places_,
                            .watchdog = watchdog_,
                            .finish = [this](ExitCode code) { finish(code); }};
  members_.push_back(std::make_unique<Member>(around, name, candidate, std::move(protocol)));
  turns_.push_back(members_.back().get());
}

/// One look at the line: which board it is, and a first reading of it. Errors: as of Detection.
asio::awaitable<Result<void>> Daemon::look_once() {
  if (members_.empty()) {
    ProgressLine progress(STDOUT_FILENO);
    TimePoint next_line_at = line_.now() + time_between_progress;
    line::SearchFollower follower;  // named: GCC 12 destroys an aggregate twice that is made within co_await
    follower.alive = [this] { watchdog_.feed(); };
    follower.doing = [&](const std::string& what) {
      progress.show(port_.path + ": " + what + " ...");
      if (progress.on_terminal() || line_.now() < next_line_at) return;
      next_line_at = line_.now() + time_between_progress;
      spdlog::info("{}: still looking, now {}", port_.path, what);
    };
    auto found = co_await search_.look(line_, follower);
    progress.clear();
    if (!found) co_return std::unexpected(found.error());
    if (capture_) capture_->note(written(found->candidate));
    enlist(found->candidate, std::move(found->protocol));
    for (const line::Candidate& other : search_.companions(found->candidate))
      enlist(other, other.family->make(other.options));
  } else if (auto opened = line_.open(); !opened) {
    co_return opened;
  }
  co_return co_await hear_someone();
}

asio::awaitable<Result<void>> Daemon::hear_someone() {
  const auto known = [](const auto& member) { return member->known(); };
  for (const TimePoint began = line_.now(); line_.now() - began < first_poll_time;) {
    for (Polled* board : turns_) {
      if (auto polled = co_await board->cycle(); !polled) co_return polled;
    }
    if (std::ranges::any_of(members_, known)) co_return Result<void>{};
  }
  // Why there is none stands in the lines before.
  const auto heard = [](const auto& member) { return member->last_fault() && somebody_answers(*member->last_fault()); };
  const auto one = std::ranges::find_if(members_, heard);
  co_return failure(one == members_.end() ? ErrorKind::silent : (*one)->last_fault()->kind,
                    "no reading that can be believed");
}

void Daemon::report_unused_sections() const {
  std::vector<std::string> known;
  for (const auto& member : members_) {
    for (std::string& name : member->names()) known.push_back(std::move(name));
  }
  const std::vector<std::string_view> names(known.begin(), known.end());
  std::size_t said = 0;
  for (const config::UnusedSection& section : config::unused_sections(config_, names, port_.name)) {
    if (++said > most_lines_about_file) continue;
    spdlog::log(section.mistaken ? spdlog::level::warn : spdlog::level::info, "config line {}: {}", section.line,
                section.message);
  }
  if (said > most_lines_about_file) spdlog::info("config: and {} more such sections", said - most_lines_about_file);
}

asio::awaitable<void> Daemon::rest(Clock::duration time) {
  for (const TimePoint until = line_.now() + time; line_.now() < until; watchdog_.feed()) {
    co_await line_.sleep_until(std::min(until, line_.now() + watchdog_limit / 3));
  }
}

std::string Daemon::with_port(const Error& why) const {
  return (why.kind == ErrorKind::link ? "" : port_.path + ": ") + why.message;  // errors of the line begin with it
}

std::string Daemon::advice_on(const Error& why) const {
  return why.kind == ErrorKind::silent ? ". " + search_.advice() : std::string();
}

asio::awaitable<bool> Daemon::find_boards() {
  const link::Claim claim = link::claim_on(port_);
  const bool waits = search_.waits(claim);
  Repeats repeats;
  for (auto pause = Clock::duration(first_retry_pause);;
       pause = std::min<Clock::duration>(2 * pause, longest_retry_pause)) {
    const auto found = co_await look_once();
    if (found) co_return true;
    const Error& why = found.error();
    // A port that is given to us alone may be free in a moment; one that somebody else is to find is not waited for.
    if (!waits || (why.kind == ErrorKind::link && claim != link::Claim::owner)) {
      spdlog::error("{}{}", with_port(why), claim == link::Claim::by_hand ? advice_on(why) : "");
      co_return false;
    }
    if (const auto number = repeats.hit(why.kind, line_.now())) {
      spdlog::warn("{}; it is tried again until {} answers{}", with_port(why), search_.wanted(),
                   *number > 1 ? fmt::format(" (number {})", *number) : advice_on(why));
    }
    watchdog_.feed();
    co_await rest(somebody_answers(why) ? short_retry_pause : pause);
  }
}

asio::awaitable<bool> Daemon::reopen(Error why) {
  spdlog::warn("{}; waiting for the port", why.message);
  for (const TimePoint began = line_.now(); line_.now() - began < gone_limit;) {
    watchdog_.feed();
    if (line_.open()) {
      spdlog::info("{} is back", port_.path);
      co_return co_await boards_are_the_same();
    }
    co_await line_.sleep_until(line_.now() + reopen_pause);
  }
  spdlog::error("{} does not come back", port_.path);
  co_return false;
}

asio::awaitable<bool> Daemon::boards_are_the_same() {
  for (const auto& member : members_) {
    if (!co_await member->still_the_same()) co_return false;
  }
  co_return true;
}

}  // namespace

ExitCode run_daemon(const RunOptions& options) {
  set_up_log();
  const config::Config config =
      options.config_file.empty() ? config::Config() : config::Config::read_file(options.config_file);
  // What is faulty has its fallback, which allows less and not more: a battery without its driver would be worse off.
  log_faults(config);

  set_log_level(config.settings_for({link::port_of(options.tty).name}).log_level);

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
