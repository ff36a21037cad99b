#include "driver/served_bank.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "bank/roll_call.hpp"
#include "bank/section.hpp"
#include "driver/owner_config.hpp"
#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::driver {

namespace {

constexpr double average_over_s = 180;
constexpr double discharging_a = 0.05;  // below it nobody can say when it will be empty
constexpr double longest_time_to_go_s = 864'000;
constexpr double s_per_h = 3600;

std::string memory_of(const std::string& directory, const std::string& bank) {
  return directory + "/bank-" + files::file_name_of(bank) + ".json";
}

/// The packs that the owner has taken out before.
std::set<std::string> recall(const std::string& file) {
  const files::SmallFile found = files::read_small_file(file);
  if (!found.problem.empty()) spdlog::error("{} {}; every pack counts", file, found.problem);
  if (!found.content) return {};
  const auto json = nlohmann::json::parse(*found.content, nullptr, /*allow_exceptions=*/false);
  std::set<std::string> excluded;
  if (json.is_object() && json.contains("excluded") && json["excluded"].is_array()) {
    for (const auto& name : json["excluded"])
      if (name.is_string()) excluded.insert(name.get<std::string>());
  } else {
    spdlog::error("{} is damaged; every pack counts", file);
  }
  return excluded;
}

}  // namespace

std::string place_of_bank(const std::string& name) { return "bank_" + files::file_name_of(name); }

ServedBank::ServedBank(const BankSurroundings& around, const config::BankSection& section,
                       std::vector<std::unique_ptr<Face>> faces)
    : around_(around),
      section_(section),
      settings_(around.config.settings_for({})),
      memory_(memory_of(around.state_directory, section.name)),
      standings_(section.members.size(), bank::Standing::unseen),
      heartbeat_(around.run_directory, place_of_bank(section.name)),
      faces_(std::move(faces)) {
  config_ = bank::config_of(section_.bank, settings_.charge);
  settings_.charge = config_.charge;
  excluded_ = recall(memory_);
  configure();
  Introduction who{.place = place_of_bank(section_.name),
                   .connection = std::to_string(section_.members.size()) + " packs in " +
                                 (section_.bank.wiring == bank::Wiring::series ? "series" : "parallel"),
                   .product_name = section_.name,
                   .may_be_changed = settings_.writes != Writes::no,
                   .bms_takes_soc = false};
  who.reading_age_s = [this] { return std::chrono::duration<double>(Clock::now() - true_at_).count(); };
  for (const config::Fault& fault : around_.config.faults()) who.configuration_faults.push_back(fault.text());
  const std::string id = place_of_bank(section_.name);
  for (const auto& face : faces_) {
    if (!face->claim(id)) spdlog::error("{}: is this bank served by another process already?", section_.name);
    face->meet(id, who, bounds(), *this);
  }
}

void ServedBank::tick(Clock::time_point now) {
  const double dt_s = looked_at_ ? std::chrono::duration<double>(now - *looked_at_).count() : 0;
  looked_at_ = now;
  const std::vector<bank::Member> members = look(now);
  outcome_ = bank::combine(members, look_at_shunt(now), config_, state_, dt_s);
  Battery& battery = outcome_.battery;
  if (battery.measurements_valid()) {
    true_at_ = now;
    heartbeat_.beat(now);
  }
  battery.read_at = true_at_;
  fill_packs();
  estimate(dt_s);
  say_news(members);
  for (const auto& face : faces_) face->set_bounds(bounds());
  enter_faces();
  publish();
}

std::vector<bank::Member> ServedBank::look(Clock::time_point now) {
  std::vector<bank::Member> members;
  members.reserve(section_.members.size());
  for (const std::string& name : section_.members) {
    members.push_back(around_.packs.look(name, now));
    members.back().excluded = excluded_.contains(name);
  }
  return members;
}

std::optional<bank::Shunt> ServedBank::look_at_shunt(Clock::time_point now) {
  if (section_.bank.shunt.empty()) return std::nullopt;
  const bank::Member shunt = around_.packs.look(section_.bank.shunt, now);
  if (!shunt.present || shunt.twice) return std::nullopt;
  return bank::Shunt{.age_s = shunt.age_s, .voltage_v = shunt.told.voltage_v, .current_a = shunt.told.current_a};
}

/// What is shown of single packs, and in which of them extremes are.
void ServedBank::fill_packs() {
  Battery& battery = outcome_.battery;
  battery.in_series = section_.bank.wiring == bank::Wiring::series;
  const auto tracks = bank::tracks_of(config_, state_);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const bank::Track& track = tracks[i];
    Pack pack{.name = section_.members[i]};
    if (const FollowedPack* service = around_.packs.find(section_.members[i])) {
      pack.serial = service->serial();
      pack.firmware = service->firmware();
    }
    pack.excluded = track.standing == bank::Standing::excluded;
    pack.heard = track.standing == bank::Standing::fresh || track.standing == bank::Standing::returning;
    pack.cell_count = track.cells;
    if (pack.heard) {
      const bank::Told& told = track.told;
      pack.voltage_v = told.voltage_v;
      pack.current_a = told.current_a;
      pack.soc_pct = told.soc_pct;
      pack.capacity_ah = told.capacity_ah;
      pack.temperature_c = told.hottest_c;
      pack.charge_fet = told.charge_fet;
      pack.discharge_fet = told.discharge_fet;
      pack.cells_v = told.cells_v;
    }
    if (i < outcome_.findings.members.size()) {
      const bank::MemberFinding& finding = outcome_.findings.members[i];
      if (finding.charges) pack.charge_limit_a = finding.charge_limit_a;
      if (finding.discharges) pack.discharge_limit_a = finding.discharge_limit_a;
    }
    battery.packs.push_back(std::move(pack));
  }
  const auto name = [](const std::optional<bank::MemberValue>& extreme, std::optional<int>& cell, int& pack) {
    if (!extreme || extreme->cell == 0) return;
    cell = extreme->cell;
    pack = static_cast<int>(extreme->member) + 1;
  };
  name(outcome_.findings.lowest_cell, battery.derived.min_cell, battery.derived.min_cell_pack);
  name(outcome_.findings.highest_cell, battery.derived.max_cell, battery.derived.max_cell_pack);
}

/// From the current of the bank, never from the times of its packs.
void ServedBank::estimate(double dt_s) {
  Battery& battery = outcome_.battery;
  if (!battery.measurements_valid() || !battery.reading.current_a) return;
  const double average_a = current_a_.follow(*battery.reading.current_a, dt_s, average_over_s);
  battery.estimate.average_current_a = average_a;
  if (!battery.estimate.remaining_ah || average_a > -discharging_a) return;
  battery.estimate.time_to_go_s = std::min(*battery.estimate.remaining_ah / -average_a * s_per_h, longest_time_to_go_s);
}

/// What has become of packs, for the log.
void ServedBank::say_news(const std::vector<bank::Member>& members) {
  const auto tracks = bank::tracks_of(config_, state_);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const std::string& name = section_.members[i];
    if (std::exchange(standings_[i], tracks[i].standing) != tracks[i].standing)
      spdlog::info("{}: {} is {}", section_.name, name, bank::name_of(tracks[i].standing));
    const FollowedPack* pack = around_.packs.find(name);
    if (pack == nullptr || !pack->has_own_limits() || !own_limits_said_.insert(name).second) continue;
    spdlog::warn("{}: {} publishes limits of its own{}; choose {} as the controlling BMS in the settings of DVCC",
                 section_.name, name,
                 members[i].foreign ? "" : ": restart its driver with the same config.ini, so that it leaves them out",
                 section_.name);
  }
}

void ServedBank::configure() { config_.charge = pipeline_config_of(settings_, user_).charge; }

UserBounds ServedBank::bounds() const {
  UserBounds all = user_bounds_of(settings_, outcome_.battery.estimate.sure_capacity_ah);
  all.soc_source = all.last_soc_source = 0;  // that of the packs
  return all;
}

void ServedBank::change_settings(const UserSettings& user) {
  user_ = user;
  configure();
  for (const auto& face : faces_) face->show_settings(user);
}

bool ServedBank::exclude_pack(std::size_t pack, bool excluded) {
  if (pack >= section_.members.size()) return false;
  const std::string& name = section_.members[pack];
  if (excluded)
    excluded_.insert(name);
  else
    excluded_.erase(name);
  spdlog::info("{}: {} is {}", section_.name, name, excluded ? "taken out for service" : "put back");
  const nlohmann::json json{{"excluded", excluded_}};
  if (!files::write_atomically(memory_, json.dump() + "\n", files::Lasting::yes))
    spdlog::error("{}: {} cannot be written; after a restart every pack counts again", section_.name, memory_);
  return true;
}

void ServedBank::enter_faces() {
  // Nothing is allowed, and nothing is shown, before it is known what the packs are.
  const Battery& battery = outcome_.battery;
  if (battery.contact != Contact::fresh || battery.cell_count == 0) return;
  for (const auto& face : faces_) std::ignore = face->enter(battery, outcome_.limits);
}

void ServedBank::publish() {
  for (const auto& face : faces_) face->publish(outcome_.battery, outcome_.limits);
}

}  // namespace bms::driver
