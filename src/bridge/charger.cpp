#include "bridge/charger.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace bms::bridge {
namespace {

using namespace std::chrono_literals;

enum ChargerPath : std::size_t {
  network_mode,
  charge_current,
  limit_setting,
  mode,
  current,
  connection,
  serial,
  product_id,
  firmware
};

constexpr std::array<std::string_view, 9> charger_paths{"/Link/NetworkMode",
                                                        "/Link/ChargeCurrent",
                                                        "/Settings/ChargeCurrentLimit",
                                                        "/Mode",
                                                        "/Dc/0/Current",
                                                        "/Mgmt/Connection",
                                                        "/Serial",
                                                        "/ProductId",
                                                        "/FirmwareVersion"};

// Whoever overwrites what we write so often does so for ever; to go on would be a fight that nobody wins.
constexpr std::size_t overwritten_too_often = 3;
constexpr auto overwritten_within = 60s;
constexpr auto contested_for = 5min;

// The largest charger there is has 200 A.
constexpr double most_a = 1000;

/// Its own limit, if it is one. What no charger can have is not known, and nothing is allowed that is not known.
std::optional<double> believed_limit(std::optional<double> limit_a) {
  return limit_a && *limit_a >= 0 && *limit_a <= most_a ? limit_a : std::nullopt;
}

bool is(std::optional<double> value, double wanted) { return value && bus::same_number(*value, wanted); }

}  // namespace

Charger::Charger(bus::BusConnection& bus, const std::string& name, const std::string& owner, SwitchedOff& switched_off,
                 bool dry_run, std::function<void()> on_news)
    : service_{bus, name, owner, charger_paths, [this] { take_news(); }},
      switched_off_{switched_off},
      dry_run_{dry_run},
      on_news_{std::move(on_news)},
      network_mode_{bus, owner, std::string{charger_paths[network_mode]},
                    [this](const std::string& problem) { take_outcome("network mode", network_mode_, problem); }},
      charge_current_{bus, owner, std::string{charger_paths[charge_current]},
                      [this](const std::string& problem) { take_outcome("charge current", charge_current_, problem); }},
      mode_{bus, owner, std::string{charger_paths[mode]},
            [this](const std::string& problem) { take_outcome("mode", mode_, problem); }} {}

ChargerView Charger::view() const {
  const std::string_view attached = service_.text(connection);
  return {.name = name(),
          .has_link = attached.starts_with("VE.Direct") && service_.has(network_mode) && service_.has(charge_current),
          .has_mode = service_.has(mode),
          .contested = is_contested(),
          .switched_off_by_us = switched_off_.contains(key()),
          .link_failures = std::max(network_mode_.failures(), charge_current_.failures()),
          .mode_failures = mode_.failures(),
          .limit_a = believed_limit(service_.number(limit_setting)),
          .current_a = service_.number(current),
          .mode = service_.number(mode),
          .told_a = told_a()};
}

void Charger::take_news() {
  if (answered() && !std::exchange(introduced_, true)) {
    const std::string_view attached = service_.text(connection);
    spdlog::info("{}: a charger, connected by {}, product {:#x}, firmware {:#x}{}{}", short_name(),
                 attached.empty() ? "nobody knows what" : attached,
                 static_cast<unsigned>(std::clamp(service_.number(product_id).value_or(0), 0.0, 4e9)),
                 static_cast<unsigned>(std::clamp(service_.number(firmware).value_or(0), 0.0, 4e9)),
                 view().has_link ? "" : "; it takes no limit by /Link",
                 view().switched_off_by_us ? "; it was switched off by the bridge" : "");
  }
  look_for_others();
  on_news_();
}

/// Somebody else is at work when what we wrote was there, and then another number is.
void Charger::look_for_others() {
  const auto written = charge_current_.written();
  const auto there = service_.number(charge_current);
  const auto mode_there = service_.number(network_mode);
  if (!written) return;
  if (is(there, *written) && is(mode_there, network_mode_with_bms)) {
    seen_ours_ = true;
    return;
  }
  const bool overwritten = (there && !is(there, *written)) || (mode_there && !is(mode_there, network_mode_with_bms));
  if (!overwritten || !std::exchange(seen_ours_, false)) return;
  const auto now = std::chrono::steady_clock::now();
  overwritten_.push_back(now);
  while (overwritten_.front() < now - overwritten_within) overwritten_.pop_front();
  if (overwritten_.size() < overwritten_too_often) return;
  overwritten_.clear();
  contested_until_ = now + contested_for;
  spdlog::warn("{}: another program keeps overwriting /Link (now {} A); it is left alone", short_name(),
               there.value_or(0));
}

bool Charger::is_contested() const { return contested_until_ && std::chrono::steady_clock::now() < *contested_until_; }

/// Its serial number, which stays when it is plugged in elsewhere.
std::string Charger::key() const {
  const std::string number{service_.text(serial)};
  return number.empty() ? name() : number;
}

void Charger::obey(const ChargerOrder& order, Round round) {
  if (order.charge_current_a) {
    limit(*order.charge_current_a, round);
  } else if (!order.undecided) {
    withdraw();
  }
  if (order.mode)
    switch_to(*order.mode);
  else
    would_be_mode_.reset();
  if (order.forget_switch_off) {
    switched_off_.remove(key());
    mode_.forget();
    result_ = "is on again";
    unlogged_.push_back(result_);
  }
}

void Charger::report() {
  for (const std::string& line : unlogged_) spdlog::info("{}: {}", short_name(), line);
  unlogged_.clear();
}

void Charger::limit(double current_a, Round round) {
  if (dry_run_) {
    if (!is(would_be_, current_a))
      unlogged_.push_back(
          fmt::format("would write NetworkMode {} and ChargeCurrent {:g} A", network_mode_with_bms, current_a));
    would_be_ = current_a;
    return;
  }
  const bool is_new = !is(charge_current_.written(), current_a);
  if (!is_new && round == Round::news) return;
  if (is_new) unlogged_.push_back(fmt::format("charge current {:g} A", current_a));
  const bool has_mode = is(service_.number(network_mode), network_mode_with_bms);
  const bool has_current = is(service_.number(charge_current), current_a);
  seen_ours_ = has_mode && has_current;
  const bool in_force = !is_new && seen_ours_ && !busy() && network_mode_.failures() + charge_current_.failures() == 0;
  // One answer shows that it lives. A permission in force need not be confirmed each time, a prohibition must.
  if (in_force && current_a > 0 && round != Round::roll_call) {
    network_mode_.repeat();
    charge_current_.repeat();
  } else {
    if (in_force)
      network_mode_.repeat();
    else
      network_mode_.write(std::int32_t{network_mode_with_bms}, !has_mode);
    charge_current_.write(current_a, is_new || !has_current);
  }
}

void Charger::withdraw() {
  would_be_.reset();
  if (!charge_current_.written()) return;
  result_ = "its limit is not written any more";
  confirmed_a_.reset();
  unlogged_.push_back(result_);
  network_mode_.forget();
  charge_current_.forget();
}

void Charger::switch_to(int wanted) {
  if (dry_run_) {
    if (!is(would_be_mode_, wanted)) unlogged_.push_back(fmt::format("would write Mode {}", wanted));
    would_be_mode_ = wanted;
    return;
  }
  if (wanted == mode_off && !switched_off_.has_room_for(key())) {
    unlogged_.emplace_back("is not switched off: too many are remembered already");
    return;
  }
  unlogged_.emplace_back(wanted == mode_off ? "switched off" : "switched on again");
  // Before it happens, so that no crash in between leaves a charger off for ever.
  if (wanted == mode_off) switched_off_.add(key());
  mode_.write(std::int32_t{wanted}, true);
}

void Charger::part() {
  if (dry_run_ || !charge_current_.written()) return;
  network_mode_.write(std::int32_t{network_mode_with_bms}, false);
  charge_current_.write(0.0, false);
}

bool Charger::busy() const { return network_mode_.under_way() || charge_current_.under_way() || mode_.under_way(); }

void Charger::take_outcome(std::string_view what, const bus::ConfirmedWrite& write, const std::string& problem) {
  // What it has refused it has not done; if it is off later its user wants it so.
  if (&write == &mode_ && write.refused() && is(write.written(), mode_off)) switched_off_.take_back(key());
  // The network mode is worth a word only where it fails.
  if (problem.empty() && &write == &network_mode_ && !result_.starts_with(what)) return;
  const double value = write.written().value_or(0);
  // Nor is the same limit again.
  const bool confirmed = problem.empty() && &write == &charge_current_;
  if (confirmed && is(confirmed_a_, value)) return;
  confirmed_a_ = confirmed ? std::optional{value} : std::nullopt;
  const std::string before = std::move(result_);
  result_ = problem.empty() ? fmt::format("{} {:g} is in force", what, value)
                            : fmt::format("{} {:g}: {}", what, value, problem);
  if (problem.empty()) {
    if (!logged_.empty()) spdlog::info("{}: {}", short_name(), result_);
    logged_.clear();
  } else if (result_ != logged_ || write.failures() == failures_for_alarm) {
    const bool often = write.failures() >= failures_for_alarm;
    spdlog::log(often ? spdlog::level::err : spdlog::level::warn, "{}: {}{}", short_name(), result_,
                often ? fmt::format(" ({} times)", write.failures()) : "");
    logged_ = result_;
  }
  if (result_ != before) on_news_();
}

}  // namespace bms::bridge
