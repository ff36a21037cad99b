#include "driver/bank_packs.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "bms/utf8.hpp"
#include "driver/bank_paths.hpp"

namespace bms::driver {

namespace {

constexpr std::string_view service_class = "com.victronenergy.battery.";
constexpr std::size_t most_services = 48;

enum Identity : std::size_t { member_name, serial_number, firmware_version };
constexpr std::array<std::string_view, 3> identity_paths{"/Member/Name", "/Serial", "/FirmwareVersion"};

std::string_view short_name(const std::string& name) { return std::string_view(name).substr(service_class.size()); }

double seconds(BankPacks::Clock::duration span) { return std::chrono::duration<double>(span).count(); }

}  // namespace

BankPacks::BankPacks(bus::BusConnection& bus, const config::Bank& bank, std::string own_name, std::string heartbeats)
    : bus_(bus),
      bank_(bank),
      own_name_(std::move(own_name)),
      heartbeats_(std::move(heartbeats)),
      identities_(bank.members.size()),
      monitors_(bank.members.size()),
      names_(bus, {.on_owner = [this](const auto& name, const auto& owner) { take_owner(name, owner); },
                   .on_complete = [] {}}) {}

void BankPacks::take_owner(const std::string& name, const std::string& owner) {
  if (!name.starts_with(service_class) || name == own_name_) return;
  if (const auto before = services_.find(name); before != services_.end()) {
    if (before->second.values && owner.empty()) spdlog::warn("{}: {} has left the bus", bank_.name, short_name(name));
    services_.erase(before);
  }
  if (owner.empty() || services_.size() >= most_services) return;
  Service& service = services_.emplace(name, Service{.name = name, .owner = owner}).first->second;
  service.identity =
      std::make_unique<bus::FollowedService>(bus_, name, owner, identity_paths, [&service] { service.news = true; });
}

/// What a service is may show late: some learn their serial number from the BMS. What it is followed by is not taken
/// away from under its own feet.
void BankPacks::learn_identity(Service& service) {
  if (!std::exchange(service.news, false) || !service.identity->answered()) return;
  service.member_as = service.identity->text(member_name);
  service.who.serial = clean_text(service.identity->text(serial_number));
  service.who.firmware = clean_text(service.identity->text(firmware_version));
  const std::string member = member_of(service);
  if (member.empty()) return;
  service.identity.reset();
  follow(service, member);
}

std::string BankPacks::member_of(const Service& service) const {
  const auto fits = [&service](const std::string& wanted) {
    if (!service.member_as.empty()) return service.member_as == wanted;
    return service.name == wanted || short_name(service.name).ends_with(wanted) ||
           (!service.who.serial.empty() && service.who.serial == wanted);
  };
  const auto found = std::ranges::find_if(bank_.members, fits);
  return found == bank_.members.end() ? std::string() : *found;
}

/// Of a service that is one of them.
std::size_t BankPacks::place_of(const Service& service) const {
  return static_cast<std::size_t>(std::ranges::find(bank_.members, member_of(service)) - bank_.members.begin());
}

void BankPacks::follow(Service& service, const std::string& member) {
  const std::string name = clean_text(std::string(short_name(service.name)));
  if (service.member_as.empty())
    spdlog::warn(
        "{}: {} is {}, which does not say that it is one of a bank: its limits count as they are, half of them while "
        "nothing of it changes, and it stays a BMS of its own; if it is a driver of this program, start it anew",
        bank_.name, member, name);
  else
    spdlog::info("{}: {} is {}", bank_.name, member, name);
  service.heartbeat = std::make_unique<files::HeartbeatWatch>(heartbeats_, name);
  service.values =
      std::make_unique<bus::FollowedService>(bus_, service.name, service.owner, pack_paths(!service.member_as.empty()),
                                             [&service] { service.changed_at = Clock::now(); });
}

void BankPacks::look_for_life(Service& service, Clock::time_point now) const {
  std::optional<Clock::time_point> sign;
  if (service.member_as.empty()) {
    sign = service.changed_at;
  } else if (const auto beat = service.heartbeat->last()) {
    sign = std::min(*beat, now);
  } else if (const auto counter = service.values->number(frame_counter_path()); counter && counter != service.counter) {
    // The number that is there at first may be an old one, and proves nothing.
    if (service.counter) sign = now;
    service.counter = counter;
  }
  if (!sign || (service.true_at && *sign <= *service.true_at)) return;
  service.true_at = sign;
  ++service.signs;
}

bank::Member BankPacks::view_of(Service& service, Clock::time_point now) const {
  look_for_life(service, now);
  const PackNumbers numbers = [&service](std::size_t path) { return service.values->number(path); };
  const bool ours = !service.member_as.empty();
  bank::Member member{.present = service.values->answered() && is_connected(numbers),
                      .foreign = !ours,
                      .signs = service.signs,
                      .freshness_told = ours,
                      .told = told_of(numbers, ours)};
  if (service.true_at) member.age_s = seconds(now - *service.true_at);
  return member;
}

std::vector<bank::Member> BankPacks::members(Clock::time_point now) {
  std::vector<bank::Member> all(bank_.members.size());
  std::vector<int> found(bank_.members.size());
  monitors_.assign(bank_.members.size(), {});
  for (auto& [name, service] : services_) {
    if (!service.values) learn_identity(service);
    if (!service.values) continue;
    const std::size_t index = place_of(service);
    bank::Member view = view_of(service, now);
    // A second one that has not answered yet hides nothing of the first.
    if (view.present || found[index] == 0) all[index] = std::move(view);
    all[index].twice = ++found[index] > 1;
    identities_[index] = service.who;
    if (service.member_as.empty()) continue;
    const auto& values = *service.values;
    monitors_[index] = monitor_of([&values](std::size_t path) { return values.number(path); },
                                  [&values](std::size_t path) { return values.text(path); });
  }
  return all;
}

void BankPacks::acknowledge_alerts(std::size_t pack) {
  if (monitors_[pack].alerts == 0) return;
  for (auto& [name, service] : services_) {
    if (!service.values || service.member_as.empty() || place_of(service) != pack) continue;
    if (!service.acknowledgement) {
      const auto say_problem = [this, pack](const std::string& problem) {
        if (!problem.empty())
          spdlog::warn("{}: what happened to the cells of {} cannot be acknowledged: {}; try again, or there",
                       bank_.name, bank_.members[pack], problem);
      };
      service.acknowledgement =
          std::make_unique<bus::ConfirmedWrite>(bus_, service.owner, "/CellMonitor/Alerts/Acknowledge", say_problem);
    }
    if (!service.acknowledgement->under_way()) service.acknowledgement->write(std::int32_t{1}, false);
  }
}

}  // namespace bms::driver
