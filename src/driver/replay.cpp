#include "driver/replay.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "driver/captured_boards.hpp"
#include "driver/owner_config.hpp"
#include "driver/poll_cycle.hpp"
#include "driver/printed.hpp"
#include "line/detection.hpp"
#include "link/replay_link.hpp"
#include "registry.hpp"

namespace bms::driver {

namespace asio = boost::asio;

namespace {

/// One board of a capture, and the face that shows it after each of its poll cycles.
class Replay final : public Polled, private PollObserver, private Wishes {
 public:
  Replay(std::vector<link::Exchange> exchanges, std::ostream& out, std::ostream& problems, const ReplayOptions& options,
         const line::Candidate& candidate, const config::Settings& settings, std::optional<unsigned> shown_address)
      : problems_(problems),
        settings_(settings),
        interval_(milliseconds(settings.poll_interval_s)),
        line_(std::move(exchanges), [this](TimePoint now) { on_time(now); }),
        protocol_(candidate.family->make(candidate.options)),
        pipeline_(protocol_->bounds(), pipeline_config_of(settings)),
        face_(make_face(out, options.table, shown_address)) {
    face_->meet("", {.place = options.port, .connection = options.port}, bounds(), *this);
  }

  /// Whether there was anything to publish.
  bool play() {
    asio::io_context loop{1};
    asio::co_spawn(
        loop,
        [this]() -> asio::awaitable<void> {
          Polled* const boards[] = {this};
          const Error end = co_await poll_in_turn(line_, boards, interval_);
          problems_ << "end: " << end.message << "\n";
        },
        asio::detached);
    loop.run();
    return entered_;
  }

 private:
  std::unique_ptr<Face> make_face(std::ostream& out, bool table, std::optional<unsigned> address) {
    const auto time_s = [this] { return seconds(line_.now()); };
    if (!table) return std::make_unique<PrintedItems>(out, time_s, address);
    return std::make_unique<PrintedTable>(out, time_s, [this] { return std::exchange(fault_, {}); }, address);
  }

  asio::awaitable<Result<void>> cycle() override {
    auto cycled = co_await poll_cycle_.cycle();
    if (cycled) face_->publish(pipeline_.battery(), pipeline_.limits());
    co_return cycled;
  }
  [[nodiscard]] int failed_cycles() const override { return poll_cycle_.failed_cycles(); }

  void on_time(TimePoint now) {
    // Stages that lie in between happen at their own times.
    for (auto due = pipeline_.next_change(changed_at_); due && *due <= now; due = pipeline_.next_change(changed_at_)) {
      changed_at_ = *due;
      pipeline_.time_passes(changed_at_);
    }
    changed_at_ = now;
  }

  void on_reading() override {
    fault_.clear();
    face_->set_bounds(bounds());
    entered_ |= face_->enter(pipeline_.battery(), pipeline_.limits());
  }
  void on_fault(const Error& why) override {
    fault_ = "no reading (" + std::string(name_of(why.kind)) + "): " + why.message;
    problems_ << seconds(line_.now()) << " s: " << fault_ << "\n";
  }
  void on_poll_end() override {}

  // Paper wishes nothing.
  void change_settings(const UserSettings& /*user*/) override {}
  [[nodiscard]] bool set_soc(double /*soc_pct*/, std::string_view /*by*/) override { return false; }
  [[nodiscard]] bool switch_over(const BmsSwitch& /*command*/, std::string_view /*by*/) override { return false; }
  void clear_history(int /*group*/) override {}
  void acknowledge_alerts() override {}
  void face_is_ready() override {}

  [[nodiscard]] UserBounds bounds() const {
    return user_bounds_of(settings_, pipeline_.battery().estimate.sure_capacity_ah);
  }
  static double seconds(TimePoint time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

  std::ostream& problems_;
  config::Settings settings_;
  bool entered_ = false;
  std::string fault_;  ///< why the newest poll brought nothing
  Clock::duration interval_;
  link::ReplayLink line_;
  std::unique_ptr<Protocol> protocol_;
  line::Session session_{line_};
  Pipeline pipeline_;
  PollCycle poll_cycle_{line_, *protocol_, session_, pipeline_, *this};
  std::unique_ptr<Face> face_;
  TimePoint changed_at_{};
};

/// Leaves the board at that address alone. Whether there is one.
bool leave_only(unsigned address, std::vector<line::Candidate>& boards, std::ostream& problems) {
  std::string others;
  for (const line::Candidate& board : boards)
    others += (others.empty() ? "" : ", ") + std::to_string(board.options.variant.address);
  std::erase_if(boards, [&](const line::Candidate& one) { return one.options.variant.address != address; });
  if (boards.empty()) problems << "nobody answers at address " << address << "; the capture is of " << others << "\n";
  return !boards.empty();
}

}  // namespace

ExitCode replay(std::istream& in, std::ostream& out, std::ostream& problems, const ReplayOptions& options,
                const config::Config& config) {
  auto capture = link::read_capture(in);
  if (!capture) {
    problems << capture.error().message << "\n";
    return ExitCode::configuration;
  }
  const std::string family = options.bms.empty() && capture->board ? capture->board->family : options.bms;
  if (find_family(family) == nullptr) {
    problems << "the capture does not say which BMS it is of; say it with --bms: " << family_names() << "\n";
    return ExitCode::configuration;
  }
  std::vector<line::Candidate> boards = captured_boards(*capture, *find_family(family));
  const bool several = boards.size() > 1;
  if (options.address && !leave_only(*options.address, boards, problems)) return ExitCode::configuration;
  bool entered = false;
  for (const line::Candidate& board : boards) {
    const unsigned address = board.options.variant.address;
    const std::string place = several ? options.port + "_" + std::to_string(address) : std::string();
    Replay player(capture->exchanges, out, problems, options, board, config.settings_for({options.port, place}),
                  several ? std::optional(address) : std::nullopt);
    entered = player.play() || entered;
  }
  return entered ? ExitCode::stopped : ExitCode::not_found;
}

}  // namespace bms::driver
