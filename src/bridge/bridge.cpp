// Where the bridge is put together: who is on the bus, what that means, who is told.
#include "bridge/bridge.hpp"

#include <sdbus-c++/Error.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "bms/paced.hpp"
#include "bms/timer.hpp"
#include "bridge/batteries.hpp"
#include "bridge/bridge_items.hpp"
#include "bridge/charger.hpp"
#include "bridge/switched_off.hpp"
#include "bridge/system.hpp"
#include "bus/bus_item_service.hpp"
#include "bus/name_watch.hpp"

namespace bms::bridge {
namespace {

using namespace std::chrono_literals;

constexpr auto answer_timeout = 2s;
constexpr auto answers_together = 50ms;  // a battery's no is heard so much later at worst
constexpr int news_at_once = 50;         // whoever keeps saying something new is not heard for ever;
constexpr auto pace_of_news = 50ms;      // then what has come in this time is looked at together
constexpr auto settling_time = 2s;       // until then nobody is told 0 A just because somebody has not answered yet
constexpr auto farewell_time = 1s;       // for the last words
constexpr auto settled_after = 10s;
constexpr auto slow_cycle = 10s;     // chargers are to hear of us well within their minute
constexpr auto release_limit = 15s;  // who is on the bus at all has answered by then
constexpr unsigned rounds_per_roll_call = 6;

/// What may charge a battery as well, and is not stopped by the bridge.
constexpr std::array<std::string_view, 6> beyond_reach{"multi.", "inverter.", "alternator.",
                                                       "dcdc.",  "charger.",  "vebus."};

class Bridge {
 public:
  explicit Bridge(const Options& options);

  ExitCode run();

 private:
  void take_owner(const std::string& name, const std::string& owner);
  void take_battery(const std::string& name, const std::string& owner);
  void take_charger(const std::string& name, const std::string& owner);
  void begin();
  void cycle();
  void decide(Round round);
  void release();
  [[nodiscard]] bool released();
  void act(const Orders& orders, const World& world, Round round);
  void report(const Orders& orders, const World& world);
  void show(const Orders& orders, const World& world);
  void await_expiry();
  void await_rest();
  void part();
  [[nodiscard]] World world(Clock::time_point now) const;
  [[nodiscard]] bool settled() const;

  const Options& options_;
  boost::asio::io_context loop_{1};
  boost::asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  Timer cycle_timer_{loop_}, expiry_timer_{loop_}, end_timer_{loop_}, memory_timer_{loop_};
  bus::BusConnection bus_;
  Paced news_{loop_, news_at_once, pace_of_news, [this] { decide(Round::news); }};
  SwitchedOff switched_off_;
  Batteries batteries_;
  std::map<std::string, std::unique_ptr<Charger>> chargers_;
  System system_;
  Decision decision_;
  BridgeItems items_;
  std::optional<bus::BusItemService> service_;
  std::optional<bus::NameWatch> names_;

  std::optional<Clock::time_point> began_;  ///< everybody who was there is known
  std::optional<Clock::time_point> decided_at_, cycled_at_;
  Orders orders_;  ///< the last ones
  unsigned rounds_ = 0;
  std::string logged_;  ///< the last verdict in the log
  std::map<std::string, std::string> problems_;
  std::string too_many_;  ///< chargers have come
  bool only_release_;
  bool settled_ = only_release_;  ///< whoever was there at the start has been heard, or waited for
  bool parting_ = false;
  ExitCode end_ = ExitCode::stopped;
};

Bridge::Bridge(const Options& options)
    : options_{options},
      bus_{loop_},
      switched_off_{options.state_directory},
      batteries_{bus_, options.config, options.run_directory, [this] { news_.ask(); }},
      system_{bus_, options.dry_run, [this] { news_.ask(); }},
      decision_{options.config},
      items_{options.config.style},
      only_release_{options.release || !options.config.enabled} {}

ExitCode Bridge::run() {
  if (options_.settled) bus_.on_calm(options_.settled);
  bus_.on_lost([this](const std::string& why) {
    spdlog::error("lost the bus: {}", why);
    end_ = ExitCode::lost;
    loop_.stop();
  });
  signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
    if (cancelled) return;
    spdlog::info("stopping on signal {}", signal);
    part();
  });
  await_rest();
  names_.emplace(bus_, bus::NameWatch::Callbacks{
                           .on_owner = [this](const auto& name, const auto& owner) { take_owner(name, owner); },
                           .on_complete = [this] { begin(); }});
  loop_.run();
  return end_;
}

void Bridge::take_owner(const std::string& name, const std::string& owner) {
  await_rest();
  if (name.starts_with(Batteries::service_class)) return take_battery(name, owner);
  if (name.starts_with(Charger::service_class)) return take_charger(name, owner);
  if (name == System::service_name) {
    system_.owner_changed(owner);
    return news_.ask();
  }
  const std::string_view kind = std::string_view{name}.substr(std::string_view{"com.victronenergy."}.size());
  const bool charges = std::ranges::any_of(beyond_reach, [kind](auto each) { return kind.starts_with(each); });
  if (charges && !owner.empty() && !only_release_)
    spdlog::warn("{} may charge the battery, too; the bridge stops solar chargers only", name);
}

void Bridge::take_battery(const std::string& name, const std::string& owner) {
  batteries_.left(name);
  news_.ask();
  // What it allows is known, and decided upon, when it has answered.
  if (!owner.empty()) batteries_.appeared(name, owner);
}

void Bridge::take_charger(const std::string& name, const std::string& owner) {
  const bool was_there = chargers_.erase(name) > 0;
  problems_.erase(name);
  const std::string short_name = name.substr(Charger::service_class.size());
  if (owner.empty()) {
    if (was_there) spdlog::warn("{}: has left the bus", short_name);
  } else if (chargers_.size() == Charger::most) {
    const bool is_first = too_many_.empty();
    too_many_ = fmt::format("{} and perhaps more: only {} chargers can be controlled", short_name, Charger::most);
    if (is_first) spdlog::error("{}", too_many_);
  } else {
    chargers_[name] =
        std::make_unique<Charger>(bus_, name, owner, switched_off_, options_.dry_run, [this] { news_.ask(); });
  }
  news_.ask();
}

void Bridge::begin() {
  began_ = Clock::now();
  if (only_release_) {
    const auto& config = options_.config;
    spdlog::info("{}", options_.release || config.enabled ? "giving back what was switched off"
                                                          : "not enabled; enabled = yes in [bridge] switches it on");
  } else if (!options_.dry_run) {
    service_.emplace(bus_, items_.tree());
    items_.tree().clear_changes();
    if (!bus_.request_name(service_name)) {
      spdlog::error("{} is on the bus already; is another bridge running?", service_name);
      end_ = ExitCode::lost;
      return loop_.stop();
    }
    spdlog::info("on the bus as {}", service_name);
  }
  cycle();
}

void Bridge::cycle() {
  const auto now = Clock::now();
  const auto since_last = now - std::exchange(cycled_at_, now).value_or(now);
  if (options_.alive) options_.alive();
  bus_.look_after_output();
  if (only_release_) {
    release();
    if (options_.release && released()) return part();
  } else {
    const Round round = rounds_++ % rounds_per_roll_call == 0 ? Round::roll_call : Round::refresh;
    batteries_.listen();
    const bool answers_will_come =
        batteries_.some_must_be_asked() || round == Round::roll_call || !orders_.verdict.allow;
    if (answers_will_come) bus_.rest(answers_together);
    batteries_.ask(answer_timeout);
    decide(round);
  }
  if (since_last > slow_cycle)
    spdlog::warn("{:.0f} s between two cycles: the machine had no time for the bridge meanwhile; is it overloaded?",
                 std::chrono::duration<double>(since_last).count());
  const std::chrono::duration<double> interval{options_.config.interval_s};
  cycle_timer_.after(settled_ ? std::chrono::duration_cast<Clock::duration>(interval) : settling_time,
                     [this] { cycle(); });
}

/// What we have switched off is switched on again, whatever a battery says: nobody will look after it any more.
void Bridge::release() {
  for (auto& [name, charger] : chargers_) {
    const ChargerView view = charger->view();
    if (!charger->answered() || !view.switched_off_by_us || !view.mode || charger->busy()) continue;
    ChargerOrder order{.way = Way::mode};
    if (view.mode == mode_off)
      order.mode = mode_on;
    else
      order.forget_switch_off = true;
    charger->obey(order, Round::news);
    charger->report();
  }
}

/// Whether nothing is left to be given back, or no longer waited for.
bool Bridge::released() {
  if (switched_off_.chargers().empty()) return true;
  if (Clock::now() - *began_ < release_limit) return false;
  for (const std::string& charger : switched_off_.chargers())
    spdlog::error("{} was switched off by the bridge and cannot be reached; switch it on by hand, or try again",
                  charger);
  end_ = ExitCode::not_found;
  return true;
}

bool Bridge::settled() const {
  const bool heard = batteries_.all_answered() && system_.answered();
  return heard || Clock::now() - *began_ >= settling_time;
}

World Bridge::world(Clock::time_point now) const {
  World world{.batteries = batteries_.views(now), .chargers = {}, .system = system_.view()};
  for (const auto& [name, charger] : chargers_) {
    if (charger->answered()) world.chargers.push_back(charger->view());
  }
  return world;
}

void Bridge::decide(Round round) {
  if (parting_ || !began_) return;
  if (only_release_) return release();
  settled_ = settled_ || settled();  // whoever comes later is not waited for
  if (!settled_) return;
  const auto now = Clock::now();
  const double dt_s = decided_at_ ? std::chrono::duration<double>(now - *decided_at_).count() : 0;
  decided_at_ = now;
  const World seen = world(now);
  Orders orders = decision_.decide(seen, dt_s);
  act(orders, seen, round);
  report(orders, seen);
  // What came of an order is news; so a round that repeats the orders shows the same.
  if (round == Round::news || orders != orders_) show(orders, seen);
  orders_ = std::move(orders);
  await_expiry();
}

void Bridge::act(const Orders& orders, const World& world, Round round) {
  // The original never did anything between two of its rounds.
  if (options_.config.style == Style::classic && round == Round::news) return;
  for (std::size_t i = 0; i < orders.chargers.size(); ++i)
    chargers_.at(world.chargers[i].name)->obey(orders.chargers[i], round);
  system_.disable_pv(orders.pv_disable, round == Round::news);
}

/// The log comes last: it may be what hangs.
void Bridge::report(const Orders& orders, const World& world) {
  if (orders.verdict.reason != logged_) {
    logged_ = orders.verdict.reason;
    await_rest();
    spdlog::info("charging is {}: {}", orders.verdict.allow ? "allowed" : "not allowed", logged_);
  }
  for (std::size_t i = 0; i < orders.chargers.size(); ++i) {
    Charger& charger = *chargers_.at(world.chargers[i].name);
    charger.report();
    const std::string& problem = orders.chargers[i].problem;
    std::string& known = problems_[charger.name()];
    if (known == problem) continue;
    known = problem;
    if (known.empty())
      spdlog::info("{}: in order again", charger.short_name());
    else
      spdlog::error("{}: {}", charger.short_name(), known);
  }
}

void Bridge::show(const Orders& orders, const World& world) {
  if (!service_) return;
  Shown shown{.verdict = orders.verdict, .pv_disabled = system_.pv_disabled(), .batteries = world.batteries};
  for (std::size_t i = 0; i < orders.chargers.size(); ++i) {
    const Charger& charger = *chargers_.at(world.chargers[i].name);
    const ChargerOrder& order = orders.chargers[i];
    const ChargerView& view = world.chargers[i];
    const bool fails = std::max(view.link_failures, view.mode_failures) >= failures_for_alarm;
    shown.chargers.push_back({.name = charger.short_name(),
                              .way = order.way,
                              .switched_off = view.switched_off_by_us,
                              .told_a = charger.told_a(),
                              .result = charger.result(),
                              .problem = !order.problem.empty() || !fails ? order.problem : charger.result()});
  }
  if (!too_many_.empty()) shown.chargers.push_back({.name = "chargers", .problem = too_many_});
  items_.update(shown);
  service_->send_changes();
}

void Bridge::await_rest() {
  memory_timer_.after(settled_after, [this] {
    if (options_.settled) options_.settled();
  });
}

/// A battery that falls silent is noticed when its time is up, not with the next cycle.
void Bridge::await_expiry() {
  const auto expiry = batteries_.next_expiry(Clock::now());
  if (!expiry) return;
  expiry_timer_.at(*expiry + 1ms, [this] {
    batteries_.listen();
    news_.ask();
  });
}

/// The last thing that chargers hear is never a permission.
void Bridge::part() {
  if (std::exchange(parting_, true)) return loop_.stop();
  cycle_timer_.cancel();
  expiry_timer_.cancel();
  memory_timer_.cancel();
  switched_off_.flush();
  const bool spoken =
      std::ranges::any_of(chargers_, [](const auto& entry) { return entry.second->told_a().has_value(); });
  if (spoken && options_.config.style == Style::safe) {
    spdlog::warn(
        "chargers were told 0 A; unless somebody else speaks to them they show error 67 within a minute. Afterwards "
        "\"BMS control\", \"Reset\" on the charger's page lets one charge without a BMS");
    for (auto& [name, charger] : chargers_) charger->part();
  }
  end_timer_.after(spoken ? Clock::duration{farewell_time} : Clock::duration{0}, [this] { loop_.stop(); });
}

}  // namespace

ExitCode run(const Options& options) {
  try {
    return Bridge(options).run();
  } catch (const sdbus::Error& problem) {
    spdlog::critical("no bus: {}", problem.getMessage());
    return ExitCode::lost;
  }
}

}  // namespace bms::bridge
