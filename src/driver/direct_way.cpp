#include "driver/direct_way.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <utility>

#include "console/desk.hpp"
#include "driver/direct_commands.hpp"
#include "driver/tapping.hpp"
#include "line/identity.hpp"
#include "line/port_search.hpp"
#include "link/serial_link.hpp"

namespace bms::driver {

namespace asio = boost::asio;

namespace {

/// What a coroutine brings, waited for.
template <class T>
T wait_for(asio::io_context& loop, asio::awaitable<T> work) {
  std::optional<T> brought;
  asio::co_spawn(loop, std::move(work), [&](const std::exception_ptr& problem, T result) {
    if (problem) std::rethrow_exception(problem);
    brought.emplace(std::move(result));
    loop.stop();
  });
  loop.restart();
  loop.run();
  return std::move(*brought);
}

class DirectWay final : public console::Way {
 public:
  explicit DirectWay(const DirectOptions& options)
      : options_(options),
        search_(options_.port, "", {}, options_.state_directory, options_.config),
        serial_(loop_, options_.port.path, search_.candidates().front().options.variant.baud) {}

  [[nodiscard]] Result<void> open() { return wait_for(loop_, find()); }

  [[nodiscard]] Result<console::Answer> ask(const console::Request& request,
                                            const std::function<void(const console::Progress&)>& progress) override {
    Listening listening;
    if (request.trace)
      listening = tap_->listen([this](const Traffic& piece) {
        tell({.piece = {.at = piece.at, .sent = piece.sent, .bytes = {piece.bytes.begin(), piece.bytes.end()}}});
      });
    if (const auto* wish = std::get_if<console::Trace>(&request.wish)) return wait_for(loop_, poll_for(wish->seconds));
    return wait_for(loop_, answer(request, progress));
  }

 private:
  asio::awaitable<Result<void>> find() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int /*signal*/) {
      if (cancelled) return;
      told_to_stop_ = true;
      if (commands_) commands_->stop();
      line_.wake();
    });
    const line::SearchFollower follower{.alive = {}, .doing = options_.doing};
    auto found = co_await search_.look(line_, follower);
    if (!found) co_return std::unexpected(with_advice(found.error()));
    if (told_to_stop_) co_return failure(ErrorKind::expired, "stopped by a signal");
    line::Candidate candidate = found->candidate;
    protocol_ = std::move(found->protocol);
    if (search_.several() && (options_.battery.empty() || means_port_alone())) co_return several_behind(candidate);
    if (!options_.battery.empty()) choose(candidate);
    const std::string place = search_.several() ? place_of(candidate) : options_.port.name;
    commands_ = commands_at(*candidate.family, place);
    // One that was only remembered has not answered yet.
    const auto reading = co_await commands_->poll();
    if (!reading) co_return std::unexpected(reading.error());
    line::Session session(line_);
    const DeviceInfo device = co_await line::ask_who_is_there(session, *protocol_, false, [] {});
    open_desk(candidate, place, device, reading->cells_v.size());
    if (auto checked = check_name(); !checked) co_return checked;
    if (told_to_stop_) commands_->stop();
    co_return Result<void>{};
  }

  [[nodiscard]] Error with_advice(Error error) const {
    if (error.kind == ErrorKind::silent)
      error.message += "; is the BMS awake and wired? `dbus-bms detect " + options_.port.name + "` shows what answers";
    return error;
  }

  [[nodiscard]] std::string place_of(const line::Candidate& candidate) const {
    return options_.port.name + "_" + std::to_string(candidate.options.variant.address);
  }

  [[nodiscard]] bool means_port_alone() const {
    return console::is_same_name(console::plain_name(options_.battery), options_.port.name);
  }

  /// As a driver answers it: which of them answers first is chance.
  [[nodiscard]] Result<void> several_behind(const line::Candidate& found) const {
    std::string places = place_of(found);
    for (const line::Candidate& other : search_.companions(found)) places += ", " + place_of(other);
    return failure(ErrorKind::rejected,
                   "several batteries are behind this line, name one of them with --battery: " + places);
  }

  /// Another board of the line is meant than the one that answered first.
  void choose(line::Candidate& candidate) {
    for (const line::Candidate& other : search_.companions(candidate)) {
      if (!console::is_same_name(place_of(other), console::plain_name(options_.battery))) continue;
      candidate = other;
      protocol_ = other.family->make(other.options);
      return;
    }
  }

  /// Whoever names a battery must not get at another one.
  [[nodiscard]] Result<void> check_name() const {
    const console::BatteryNames found = names_of(desk_->board());
    if (means_port_alone() ||
        !console::batteries_meant({&found, 1}, options_.battery, console::Ends::do_not_count).empty())
      return {};
    return failure(ErrorKind::silent, "no battery is called '" + options_.battery + "' on " + options_.port.name +
                                          "; there is " + console::in_words(found));
  }

  [[nodiscard]] std::shared_ptr<DirectCommands> commands_at(const Family& family, const std::string& place) {
    return std::make_shared<DirectCommands>(line_, *protocol_, family.has_mode ? options_.run_directory : "", place);
  }

  void open_desk(const line::Candidate& candidate, const std::string& place, const DeviceInfo& device,
                 std::size_t cells) {
    const Family& family = *candidate.family;
    commands_ = commands_at(family, place);
    const std::string identity = device.serial.empty() ? options_.port.location : device.serial;
    const config::Settings settings = options_.config.settings_for(
        {options_.port.name, options_.port.by_address(), place, line::identity_of(device)});
    desk_.emplace(console::DeskOptions{.board = {.place = place,
                                                 .battery = line::battery_id(family.title, identity),
                                                 .family = std::string(family.name),
                                                 .dialect = std::string(candidate.options.variant.dialect),
                                                 .model = device.model,
                                                 .serial = device.serial,
                                                 .firmware = device.firmware,
                                                 .name = settings.name,
                                                 .baud = candidate.options.variant.baud,
                                                 .address = candidate.options.variant.address,
                                                 .cells = cells},
                                       .parameters = family.parameters(candidate.options.variant),
                                       .relations = family.relations,
                                       .undo_directory = options_.state_directory},
                  commands_);
  }

  asio::awaitable<Result<console::Answer>> answer(console::Request request,
                                                  std::function<void(const console::Progress&)> progress) {
    auto answered = co_await desk_->answer(std::move(request), "the console", std::move(progress));
    co_await commands_->leave();
    co_return answered;
  }

  /// Polls, as a driver would, so that there is something to hear. Errors: link.
  asio::awaitable<Result<console::Answer>> poll_for(double seconds) {
    const auto duration = [](double s) {
      return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s));
    };
    const auto interval = duration(options_.config.settings_for({options_.port.name}).poll_interval_s);
    const TimePoint begun = line_.now();
    const TimePoint end = seconds > 0 ? begun + duration(seconds) : TimePoint::max();
    for (TimePoint due = begun; !told_to_stop_ && line_.now() < end; due = std::max(due + interval, line_.now())) {
      if (due > line_.now()) co_await line_.rest_until(std::min(due, end));
      if (told_to_stop_ || line_.now() >= end) break;
      const auto reading = co_await commands_->poll();
      if (!reading && reading.error().kind == ErrorKind::link) co_return std::unexpected(reading.error());
    }
    co_return console::Answer{.board = desk_->board()};
  }

  DirectOptions options_;
  asio::io_context loop_{1};
  asio::signal_set signals_{loop_, SIGINT, SIGTERM, SIGHUP};
  line::PortSearch search_;
  link::SerialLink serial_;
  std::shared_ptr<link::Tap> tap_ = make_tap();
  link::TappedLink line_{serial_, *tap_};
  bool told_to_stop_ = false;
  std::unique_ptr<Protocol> protocol_;
  std::shared_ptr<DirectCommands> commands_;
  std::optional<console::Desk> desk_;
};

}  // namespace

Result<std::unique_ptr<console::Way>> open_directly(const DirectOptions& options) try {
  auto way = std::make_unique<DirectWay>(options);
  if (auto opened = way->open(); !opened) return std::unexpected(opened.error());
  return way;
} catch (const std::invalid_argument& mistake) {
  return failure(ErrorKind::rejected, mistake.what());
}

}  // namespace bms::driver
