#include "driver/served_bank.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "battery/seconds.hpp"
#include "config/bank_name.hpp"
#include "driver/owner_config.hpp"
#include "files/footprint.hpp"
#include "line/identity.hpp"

namespace bms::driver {

using namespace std::chrono_literals;

namespace {

constexpr auto interval = 1s;

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

ServedBank::ServedBank(const BankSurroundings& around, const config::Bank& bank,
                       std::vector<std::unique_ptr<Face>> faces)
    : around_(around),
      bank_(bank),
      place_(config::service_end_of(bank.name)),
      prefix_(bank.name + ": "),
      settings_(bank_settings(around.config.settings_for(std::initializer_list<std::string_view>{}), bank)),
      battery_(bank_config(settings_, bank), pipeline_config_of(settings_).battery),
      pulse_(around.watchdog, pulse_limit),
      heartbeat_(around.run_directory, place_),
      note_file_(bank_file(around.state_directory, bank.name)),
      timer_(around.loop),
      logged_(bank.members.size(), bank::Standing::unseen),
      faces_(std::move(faces)) {}

bool ServedBank::begin() {
  const std::string id = line::battery_id("bank", bank_.name);
  if (!std::ranges::all_of(faces_, [&id](const auto& face) { return face->claim(id); })) {
    spdlog::error("{}is another process running for this bank?", prefix_);
    return false;
  }
  recall(id);
  for (const auto& face : faces_) face->meet(id, introduction(), bounds(), *this);
  packs_.emplace(around_.bus, bank_, std::string(config::battery_service) + place_, around_.run_directory);
  if (!bank_.options.shunt.empty()) {
    shunt_.emplace(around_.bus, bank_.options.shunt, prefix_,
                   [this](const std::string& service) { return packs_->is_pack(service); });
  }
  const bool series = bank_.options.mode == config::BankMode::series;
  spdlog::info("{}{} packs in {}; on the bus when {} been heard", prefix_, bank_.members.size(),
               series ? "series" : "parallel", series ? "every one has" : "enough of them have");
  next_tick_ = Clock::now();
  tick();
  return true;
}

void ServedBank::recall(const std::string& id) {
  memory_.emplace(battery_file(around_.state_directory, id), battery_file(around_.run_directory, id));
  const auto recalled = memory_->recall(std::chrono::system_clock::now());
  if (!memory_->problem().empty()) spdlog::error("{}{}", prefix_, memory_->problem());
  note_ = note_file_.recall();
  const bool same_packs = note_.members == bank_.members;
  // Where charging stood is true of these packs alone; history goes on.
  if (recalled)
    battery_.restore(same_packs ? recalled->what : Remembered{.charge = {}, .battery = recalled->what.battery},
                     recalled->down_s);
  const BankNote found = note_;
  note_.members = bank_.members;
  std::erase_if(note_.excluded, [this](const std::string& name) {
    return std::ranges::find(bank_.members, name) == bank_.members.end();
  });
  if (note_.excluded.size() == bank_.members.size()) {
    // Without a pack it would never be on the bus, where they are put back.
    spdlog::error("{}every pack was left out, which cannot be: all of them count again", prefix_);
    note_.excluded.clear();
  }
  if (same_packs && note_.excluded == found.excluded) return;
  if (!note_file_.save(note_)) spdlog::error("{}what is known of its packs cannot be saved", prefix_);
}

Introduction ServedBank::introduction() const {
  Introduction who{.place = place_,
                   .connection = "D-Bus",
                   .product_name = bank_.name,
                   .may_be_changed = settings_.writes != Writes::no,
                   .bms_takes_soc = false};
  for (const config::Fault& fault : around_.config.faults()) who.configuration_faults.push_back(fault.text());
  who.reading_age_s = [this] { return judged_at_ ? battery::seconds(Clock::now() - *judged_at_) : 1e6; };
  who.bank = &battery_.view();
  return who;
}

UserBounds ServedBank::bounds() const {
  UserBounds bounds = user_bounds_of(settings_, battery_.battery().estimate.sure_capacity_ah);
  // It knows what its packs say, and counts nothing itself.
  bounds.soc_source = bounds.last_soc_source = static_cast<int>(battery::SocSource::bms);
  return bounds;
}

External ServedBank::external() const {
  External all;
  for (const auto& face : faces_) {
    if (const External heard = face->external(); heard.floor_soc_pct) all.floor_soc_pct = heard.floor_soc_pct;
  }
  all.unix_s = unix_time(std::chrono::system_clock::now());
  return all;
}

/// Every second, whatever the packs do: their signals only change what is found then.
void ServedBank::tick() {
  const TimePoint now = Clock::now();
  pulse_.beat();
  look(now);
  for (const auto& face : faces_) face->set_bounds(bounds());
  enter_faces();
  publish();
  say();
  save_if_due(now);
  next_tick_ = std::max(next_tick_ + interval, now);
  timer_.at(next_tick_, [this] { tick(); });
}

void ServedBank::look(TimePoint now) {
  const double dt_s = looked_at_ ? battery::seconds(now - *looked_at_) : 0;
  looked_at_ = now;
  std::vector<bank::Member> members = packs_->members(now, note_.excluded);
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i].excluded = note_.excluded.contains(bank_.members[i]);
    battery_.introduce(i, packs_->identities()[i]);
    // One that is out for service is not part of it; of one that is silent all is still true.
    battery_.take_monitor(i, members[i].excluded ? bank::PackMonitor{} : packs_->monitors()[i]);
  }
  battery_.follow(members, shunt_ ? shunt_->measured(now) : std::nullopt, external(), now, dt_s);
  if (!battery_.battery().measurements_valid()) return;
  judged_at_ = now;
  heartbeat_.beat(now);
}

void ServedBank::enter_faces() {
  if (battery_.battery().contact != Contact::fresh) return;
  for (const auto& face : faces_) {
    if (!face->enter(battery_.battery(), battery_.limits())) continue;
    entered_ = true;
    files::give_back_startup_memory();
  }
}

void ServedBank::publish() {
  for (const auto& face : faces_) face->publish(battery_.battery(), battery_.limits());
}

/// The log comes last: it may be what hangs.
void ServedBank::say() {
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

void ServedBank::save_if_due(TimePoint now) {
  if (!battery_.battery().measurements_valid()) return;
  const bool changed = battery_.findings().transition.has_value();
  if (const auto due = save_schedule_.due(battery_.battery().estimate.soc_pct, changed, now)) save(*due);
}

void ServedBank::save(files::Lasting lasting) {
  // What was never judged is not to replace what was.
  if (!memory_ || !judged_at_) return;
  const bool saved = memory_->save(battery_.remembered(), lasting, std::chrono::system_clock::now());
  if (!saved && !save_failed_)
    spdlog::error("{}what is known of the bank cannot be saved in {}; is it there, and writable? See --state-dir",
                  prefix_, lasting == files::Lasting::yes ? around_.state_directory : around_.run_directory);
  save_failed_ = !saved;
}

void ServedBank::change_settings(const UserSettings& user) {
  user_ = user;
  for (const auto& face : faces_) face->show_settings(user);
  battery_.configure(bank_config(settings_, bank_, user_));
}

bool ServedBank::set_soc(double /*soc_pct*/, std::string_view /*by*/) {
  spdlog::warn("{}SoC cannot be set: it is that of the packs", prefix_);
  return false;
}

bool ServedBank::switch_over(const BmsSwitch& /*command*/, std::string_view /*by*/) {
  spdlog::warn("{}nothing is switched: a bank has no switches, its packs have", prefix_);
  return false;
}

bool ServedBank::is_last_one(const std::string& pack) const {
  return std::ranges::all_of(bank_.members,
                             [&](const std::string& each) { return each == pack || note_.excluded.contains(each); });
}

/// It counts from the next second on.
bool ServedBank::exclude_pack(std::size_t pack, bool excluded, std::string_view by) {
  if (pack >= bank_.members.size()) return false;
  const std::string& name = bank_.members[pack];
  if (excluded && bank_.options.mode == config::BankMode::series) {
    spdlog::warn("{}{} cannot be left out: a string needs every pack ({})", prefix_, name, by);
    return false;
  }
  if (excluded == note_.excluded.contains(name)) return true;
  if (excluded && is_last_one(name)) {
    spdlog::warn("{}{} cannot be left out: it is the last pack; put another one back first ({})", prefix_, name, by);
    return false;
  }
  if (excluded)
    note_.excluded.insert(name);
  else
    note_.excluded.erase(name);
  spdlog::info("{}{} is {} ({})", prefix_, name, excluded ? "left out, for service" : "part of it again", by);
  if (!note_file_.save(note_)) spdlog::error("{}this cannot be saved: after a restart every pack counts", prefix_);
  return true;
}

/// Of those packs whose events the bank shows.
void ServedBank::acknowledge_alerts() {
  for (std::size_t i = 0; i < bank_.members.size(); ++i) {
    if (!note_.excluded.contains(bank_.members[i])) packs_->acknowledge_alerts(i);
  }
}

void ServedBank::clear_history(int group) {
  battery_.clear_history(static_cast<battery::HistoryGroup>(group));
  save(files::Lasting::yes);
}

}  // namespace bms::driver
