#include "driver/bank_on_bus.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <utility>

#include "driver/owner_config.hpp"
#include "files/footprint.hpp"
#include "line/identity.hpp"

namespace bms::driver {

using namespace std::chrono_literals;

namespace {

constexpr auto interval = 1s;

double seconds(Clock::duration span) { return std::chrono::duration<double>(span).count(); }

/// Letters, digits, '-' and '_'; never a digit first.
std::string name_on_bus(std::string name) {
  std::ranges::replace_if(
      name, [](unsigned char c) { return c >= 0x80 || (std::isalnum(c) == 0 && c != '_' && c != '-'); }, '_');
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) name.insert(name.begin(), '_');
  return name;
}

std::string_view in_words(Contact contact) {
  switch (contact) {
    case Contact::never: return "not all packs have been heard that it needs";
    case Contact::fresh: return "enough packs are heard";
    case Contact::returning: return "packs are heard again, limits rise slowly";
    case Contact::stale: return "too few packs are heard: measurements are invalid, charging is not allowed";
    case Contact::kept:
    case Contact::releasing: return "too few packs are heard: neither charging nor discharging is allowed";
    case Contact::lost: return "lost: no longer a managed battery";
  }
  return "";
}

}  // namespace

BankOnBus::BankOnBus(const BankSurroundings& around, const config::Bank& bank)
    : around_(around),
      bank_(bank),
      place_(name_on_bus(bank.name)),
      prefix_(bank.name + ": "),
      settings_(bank_settings(around.config.settings_for(std::initializer_list<std::string_view>{}), bank)),
      battery_(bank_config(settings_, bank), pipeline_config_of(settings_).battery),
      pulse_(around.watchdog, pulse_limit),
      heartbeat_(around.run_directory, place_),
      face_(around.loop, around.give_up),
      timer_(around.loop),
      logged_(bank.members.size(), bank::Standing::unseen) {}

bool BankOnBus::begin() {
  const std::string id = line::battery_id("bank", bank_.name);
  if (!face_.claim(id)) {
    spdlog::error("{}is another process running for this bank?", prefix_);
    return false;
  }
  memory_.emplace(battery_file(around_.state_directory, id), battery_file(around_.run_directory, id));
  const auto recalled = memory_->recall(std::chrono::system_clock::now());
  if (!memory_->problem().empty()) spdlog::error("{}{}", prefix_, memory_->problem());
  if (recalled) battery_.restore(recalled->what, recalled->down_s);
  face_.meet(id, introduction(), bounds(), *this);
  if (!bank_.options.shunt.empty()) {
    const auto note = [this] { shunt_changed_at_ = Clock::now(); };
    shunt_current_.emplace(face_.bus(), bank_.options.shunt, "/Dc/0/Current", note);
    shunt_voltage_.emplace(face_.bus(), bank_.options.shunt, "/Dc/0/Voltage", note);
  }
  packs_.emplace(face_.bus(), bank_, "com.victronenergy.battery." + place_, around_.run_directory);
  spdlog::info("{}{} packs in {}; on the bus when {} been heard", prefix_, bank_.members.size(),
               bank_.options.mode == config::BankMode::series ? "series" : "parallel",
               bank_.options.mode == config::BankMode::series ? "every one has" : "enough of them have");
  next_tick_ = Clock::now();
  tick();
  return true;
}

Introduction BankOnBus::introduction() const {
  Introduction who{.place = place_,
                   .connection = "D-Bus",
                   .product_name = bank_.name,
                   .may_be_changed = settings_.writes != Writes::no,
                   .bms_takes_soc = false};
  for (const config::Fault& fault : around_.config.faults()) who.configuration_faults.push_back(fault.text());
  who.reading_age_s = [this] { return judged_at_ ? seconds(Clock::now() - *judged_at_) : 1e6; };
  who.bank = &battery_.view();
  return who;
}

UserBounds BankOnBus::bounds() const { return user_bounds_of(settings_, battery_.battery().estimate.sure_capacity_ah); }

std::optional<bank::Shunt> BankOnBus::shunt(TimePoint now) {
  if (!shunt_current_) return std::nullopt;
  bank::Shunt said{.age_s = std::nullopt, .voltage_v = shunt_voltage_->value(), .current_a = shunt_current_->value()};
  if (shunt_changed_at_) said.age_s = seconds(now - *shunt_changed_at_);
  return said;
}

/// Every second, whatever the packs do: their signals only change what is found then.
void BankOnBus::tick() {
  const TimePoint now = Clock::now();
  pulse_.beat();
  look(now);
  show();
  say();
  save_if_due(now);
  next_tick_ = std::max(next_tick_ + interval, now);
  timer_.at(next_tick_, [this] { tick(); });
}

void BankOnBus::look(TimePoint now) {
  External external = face_.external();
  external.unix_s = unix_time(std::chrono::system_clock::now());
  const double dt_s = looked_at_ ? seconds(now - *looked_at_) : 0;
  looked_at_ = now;
  battery_.follow(packs_->members(now), shunt(now), external, now, dt_s);
  if (!battery_.battery().measurements_valid()) return;
  judged_at_ = now;
  heartbeat_.beat(now);
}

void BankOnBus::show() {
  face_.set_bounds(bounds());
  if (battery_.battery().contact == Contact::fresh && face_.enter(battery_.battery(), battery_.limits())) {
    entered_ = true;
    files::give_back_startup_memory();
  }
  face_.publish(battery_.battery(), battery_.limits());
}

/// The log comes last: it may be what hangs.
void BankOnBus::say() {
  const BankView& view = battery_.view();
  const auto& members = battery_.findings().members;
  for (std::size_t i = 0; i < members.size() && i < logged_.size(); ++i) {
    const bank::Standing standing = members[i].standing;
    if (standing == std::exchange(logged_[i], standing)) continue;
    if (standing == bank::Standing::silent)
      spdlog::warn("{}{} is {}", prefix_, view.packs[i].name, name_of(standing));
    else
      spdlog::info("{}{} is {}", prefix_, view.packs[i].name, name_of(standing));
  }
  const Contact contact = battery_.battery().contact;
  if (contact != std::exchange(logged_contact_, contact)) spdlog::info("{}{}", prefix_, in_words(contact));
  if (!entered_) return;
  alarm_log_.follow(battery_.battery(), prefix_);
  notice_log_.follow(battery_.battery(), prefix_);
}

void BankOnBus::save_if_due(TimePoint now) {
  if (!battery_.battery().measurements_valid()) return;
  const bool changed = battery_.findings().transition.has_value();
  if (const auto due = save_schedule_.due(battery_.battery().estimate.soc_pct, changed, now)) save(*due);
}

void BankOnBus::save(files::Lasting lasting) {
  // What was never judged is not to replace what was.
  if (!memory_ || !judged_at_) return;
  const bool saved = memory_->save(battery_.remembered(), lasting, std::chrono::system_clock::now());
  if (!saved && !save_failed_)
    spdlog::error("{}what is known of the bank cannot be saved in {}; is it there, and writable? See --state-dir",
                  prefix_, lasting == files::Lasting::yes ? around_.state_directory : around_.run_directory);
  save_failed_ = !saved;
}

void BankOnBus::change_settings(const UserSettings& user) {
  user_ = user;
  face_.show_settings(user);
  battery_.configure(bank_config(settings_, bank_, user_));
}

bool BankOnBus::set_soc(double /*soc_pct*/, std::string_view /*by*/) {
  spdlog::warn("{}SoC cannot be set: it is that of the packs", prefix_);
  return false;
}

bool BankOnBus::switch_over(const BmsSwitch& /*command*/, std::string_view /*by*/) {
  spdlog::warn("{}nothing is switched: a bank has no switches, its packs have", prefix_);
  return false;
}

void BankOnBus::clear_history(int group) {
  battery_.clear_history(static_cast<battery::HistoryGroup>(group));
  save(files::Lasting::yes);
}

}  // namespace bms::driver
