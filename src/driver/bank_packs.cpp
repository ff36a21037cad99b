#include "driver/bank_packs.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "battery/seconds.hpp"
#include "bms/utf8.hpp"
#include "config/bank_name.hpp"
#include "driver/bank_paths.hpp"

namespace bms::driver {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_looked_at = 48;  // of those that are no packs, at the same time
constexpr std::size_t most_services = 512;
constexpr int let_in_at_once = 8;
constexpr auto shortest_look = 2s;
constexpr auto longest_answer = 16s;  // a busy one may need it to list all that it has
constexpr auto silent_after = 8s;

enum Identity : std::size_t { member_name, serial_number, firmware_version };  // in the order of identity_paths()

std::string_view end_of(const std::string& name) {
  return std::string_view(name).substr(config::battery_service.size());
}

/// Boards without a serial number may have one of zeros.
bool tells_apart(std::string_view serial) { return serial.find_first_not_of("0 -") != std::string_view::npos; }

}  // namespace

BankPacks::BankPacks(bus::BusConnection& bus, const config::Bank& bank, std::string own_name, std::string run_directory)
    : bus_(bus),
      bank_(bank),
      own_name_(std::move(own_name)),
      run_directory_(std::move(run_directory)),
      identities_(bank.members.size()),
      monitors_(bank.members.size()),
      best_(bank.members.size()),
      twins_(bank.members.size()),
      names_(bus, {.on_owner = [this](const auto& name, const auto& owner) { take_owner(name, owner); },
                   .on_complete = [] {}}) {}

void BankPacks::take_owner(const std::string& name, const std::string& owner) {
  if (!name.starts_with(config::battery_service) || name == own_name_) return;
  if (const auto before = services_.find(name); before != services_.end()) {
    if (before->second.fit && owner.empty()) spdlog::warn("{}: {} has left the bus", bank_.name, end_of(name));
    services_.erase(before);
  }
  if (owner.empty()) return;
  const bool fits = fit_of(bank_.members, {.end = end_of(name), .member_as = {}, .serial = {}}).has_value();
  if (!fits && services_.size() >= most_services) {
    if (!std::exchange(said_too_many_, true))
      spdlog::warn("{}: more than {} batteries on the bus: {} and others are not looked at unless their names fit",
                   bank_.name, most_services, end_of(name));
    return;
  }
  Service& service = services_.emplace(name, Service{.name = name, .owner = owner, .fits_by_name = fits}).first->second;
  const auto looked_at =
      std::ranges::count_if(services_, [](const auto& each) { return each.second.identity != nullptr; });
  if (fits || static_cast<std::size_t>(looked_at) < most_looked_at) look_at(service);
}

void BankPacks::look_at(Service& service) {
  service.asked_at = Clock::now();
  ++service.turns;
  service.identity = std::make_unique<bus::FollowedService>(
      bus_, service.name, service.owner, identity_paths(), [&service] { service.news = true; }, longest_answer);
}

/// It has had the time to say that it is a pack.
bool BankPacks::is_idle(const Service& service, Clock::time_point now) const {
  if (!service.identity || service.fit || service.fits_by_name) return false;
  return now - service.asked_at > (service.identity->answered() ? Clock::duration(shortest_look) : longest_answer);
}

/// Some learn only late who they are, so those that are no packs are looked at in turn where they are many.
void BankPacks::let_others_in(Clock::time_point now) {
  for (int count = 0; count < let_in_at_once; ++count) {
    Service* next = nullptr;
    Service* idle = nullptr;
    for (auto& [name, service] : services_) {
      if (!service.identity && !service.fit && (next == nullptr || service.turns < next->turns)) next = &service;
      if (is_idle(service, now) && (idle == nullptr || service.asked_at < idle->asked_at)) idle = &service;
    }
    if (next == nullptr) return;
    if (!std::exchange(said_many_, true))
      spdlog::warn("{}: more than {} batteries on the bus that are no packs of it: they are looked at in turn",
                   bank_.name, most_looked_at);
    if (idle == nullptr) return;
    idle->identity.reset();
    look_at(*next);
    if (next->turns > 1) return;
  }
}

/// One of the texts by which it is known; valid until what it says is read again. Empty: it has not said anything yet.
std::optional<std::string_view> BankPacks::said_of(const Service& service, std::size_t which) {
  if (service.sheet) return service.sheet->text(identity_path() + which);
  if (service.values && service.values->answered()) return service.values->text(identity_path() + which);
  if (service.identity && service.identity->answered()) return service.identity->text(which);
  return std::nullopt;
}

/// What a service is may show late: some learn their serial number from the BMS.
void BankPacks::learn_identity(Service& service) {
  if (!service.sheet && !std::exchange(service.news, false)) return;
  const auto member_as = said_of(service, member_name);
  if (!member_as) return;
  service.member_as = *member_as;
  service.who.serial = clean_text(*said_of(service, serial_number));
  service.who.firmware = clean_text(*said_of(service, firmware_version));
  // Its values say the same, and to take it out of each signal twice would be work for nothing.
  if (service.sheet || (service.values && service.values->answered())) service.identity.reset();
  const auto before = service.fit;
  const auto fit = fit_of(bank_.members,
                          {.end = end_of(service.name), .member_as = service.member_as, .serial = service.who.serial});
  if (!fit) {
    // A number that is missing for a while is not another one.
    const bool forgotten = before && before->fit == Fit::serial && service.who.serial.empty();
    if (before && !forgotten) leave(service);
    return;
  }
  service.fit = fit;
  best_[fit->member] = std::max(best_[fit->member].value_or(fit->fit), fit->fit);
  const bool ours = !service.member_as.empty();
  if (!before || before->member != fit->member || ours != service.ours) follow(service);
}

void BankPacks::leave(Service& service) {
  spdlog::warn("{}: {} is {} no more: it says that it is another one", bank_.name, bank_.members[service.fit->member],
               end_of(service.name));
  service.fit.reset();
  service.values.reset();
  service.sheet.reset();
  look_at(service);
}

void BankPacks::follow(Service& service) {
  const std::string& member = bank_.members[service.fit->member];
  const std::string name = clean_text(std::string(end_of(service.name)));
  service.ours = !service.member_as.empty();
  if (!service.ours)
    spdlog::warn(
        "{}: {} is {}, which does not say that it is one of a bank: its limits count as they are, half of them while "
        "nothing of it changes, and it stays a BMS of its own; if it is a driver of this program, start it anew",
        bank_.name, member, name);
  // What it was taken for before says nothing of what it is now.
  service.values.reset();
  service.true_at.reset();
  service.changed_at.reset();
  service.counter.reset();
  service.sheet = service.ours ? sheet_of(service, name) : nullptr;
  if (service.ours)
    spdlog::info("{}: {} is {}{}", bank_.name, member, name, service.sheet ? "" : ", followed by its signals");
  if (service.sheet) return;
  service.heartbeat = std::make_unique<files::HeartbeatWatch>(run_directory_, name);
  follow_signals(service);
}

/// Empty: there is none that can be read here.
std::unique_ptr<PackSheetWatch> BankPacks::sheet_of(const Service& service, const std::string& name) const {
  constexpr int looks = 3;  // it may be written just now
  auto sheet = std::make_unique<PackSheetWatch>(run_directory_, name, service.owner);
  for (int look = 0; look < looks; ++look) {
    if (sheet->look()) return sheet;
  }
  return nullptr;
}

void BankPacks::follow_signals(Service& service) {
  service.asked_at = Clock::now();
  const auto note_change = [&service] {
    service.changed_at = Clock::now();
    service.news = true;
  };
  service.values = std::make_unique<bus::FollowedService>(bus_, service.name, service.owner, pack_paths(service.ours),
                                                          note_change, longest_answer);
}

void BankPacks::say_silence(Service& service, Clock::time_point now) const {
  const bus::FollowedService* asked = service.values ? service.values.get() : service.identity.get();
  if (service.said_silent || asked == nullptr || asked->answered() || now - service.asked_at < silent_after) return;
  service.said_silent = true;
  spdlog::warn("{}: {} does not answer, and is asked again: {}", bank_.name, end_of(service.name),
               service.values ? "it counts as a pack that is silent" : "whether it is one of the packs is not known");
}

/// What fits by the end of its name alone is another pack where one is known that fits better.
bool BankPacks::is_passed_over(Service& service) const {
  const PackFit& fit = *service.fit;
  if (fit.fit == best_[fit.member]) return false;
  if (!std::exchange(service.said_passed_over, true))
    spdlog::warn("{}: {} fits {} as well, but not as well as another one: it does not count", bank_.name,
                 end_of(service.name), bank_.members[fit.member]);
  return true;
}

/// On a sheet what is said and how old it is stand together. A heartbeat may be what an earlier process has left, and a
/// counter comes late: the newer one counts.
std::optional<BankPacks::Clock::time_point> BankPacks::sign_of_ours(Service& service, Clock::time_point now) const {
  if (service.sheet) return std::min(service.sheet->time().read_at, now);
  std::optional<Clock::time_point> sign;
  if (const auto beat = service.heartbeat->last()) sign = std::min(*beat, now);
  const auto counter = service.values->number(frame_counter_path());
  if (!counter || counter == service.counter) return sign;
  // The number that is there at first may be an old one, and proves nothing.
  if (std::exchange(service.counter, counter)) sign = now;
  return sign;
}

void BankPacks::look_for_life(Service& service, Clock::time_point now) const {
  const auto sign = service.ours ? sign_of_ours(service, now) : service.changed_at;
  if (!sign || (service.true_at && *sign <= *service.true_at)) return;
  service.true_at = sign;
  ++service.signs;
}

bank::Member BankPacks::view_of(Service& service, Clock::time_point now) const {
  look_for_life(service, now);
  const PackNumbers numbers = numbers_of(service);
  const bool answered = service.sheet || service.values->answered();
  bank::Member member{.present = answered && is_connected(numbers),
                      .foreign = !service.ours,
                      .signs = service.signs,
                      .freshness_told = service.ours,
                      .told = told_of(numbers, service.ours)};
  if (service.sheet) member.poll_interval_s = service.sheet->time().poll_interval_s;
  if (service.true_at) member.age_s = battery::seconds(now - *service.true_at);
  return member;
}

PackNumbers BankPacks::numbers_of(const Service& service) {
  if (const PackSheetWatch* sheet = service.sheet.get())
    return [sheet](std::size_t path) { return sheet->number(path); };
  return [values = service.values.get()](std::size_t path) { return values->number(path); };
}

PackTexts BankPacks::texts_of(const Service& service) {
  if (const PackSheetWatch* sheet = service.sheet.get()) return [sheet](std::size_t path) { return sheet->text(path); };
  return [values = service.values.get()](std::size_t path) { return values->text(path); };
}

bank::PackMonitor BankPacks::monitor_of_service(const Service& service) {
  if (!service.ours) return {};
  return monitor_of(numbers_of(service), texts_of(service));
}

bool BankPacks::is_pack(const std::string& service) const {
  const auto found = services_.find(service);
  return service == own_name_ || (found != services_.end() && found->second.fit);
}

std::string BankPacks::twins_of(std::size_t pack, const Found& found) const {
  if (found.services.size() < 2) return {};
  return bank_.members[pack] + " is there twice, as " + found.services[0] + " and " + found.services[1] +
         "; stop one of them, or write the whole name of its service";
}

/// One board that is on the bus under two names would count as two packs.
void BankPacks::find_same_serials(std::vector<bank::Member>& all, const std::vector<Found>& found,
                                  const std::set<std::string>& excluded, std::vector<std::string>& twins) const {
  const auto counts = [&](std::size_t pack) {
    return all[pack].present && tells_apart(identities_[pack].serial) && !excluded.contains(bank_.members[pack]);
  };
  for (std::size_t second = 1; second < all.size(); ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      if (!counts(first) || !counts(second) || identities_[first].serial != identities_[second].serial) continue;
      all[first].twice = all[second].twice = true;
      twins[second] = bank_.members[first] + " (" + found[first].as + ") and " + bank_.members[second] + " (" +
                      found[second].as + ") have the same serial number " + identities_[second].serial +
                      ", so they are one board; take one of them out of members";
    }
  }
}

void BankPacks::say_twins(std::vector<std::string> twins) {
  for (std::size_t i = 0; i < twins.size(); ++i) {
    if (!twins[i].empty() && twins[i] != twins_[i])
      spdlog::error("{}: {}; until then nothing is allowed", bank_.name, clean_text(twins[i]));
  }
  twins_ = std::move(twins);
}

std::vector<bank::Member> BankPacks::members(Clock::time_point now, const std::set<std::string>& excluded) {
  std::vector<bank::Member> all(bank_.members.size());
  std::vector<Found> found(bank_.members.size());
  std::vector<std::string> twins(bank_.members.size());
  for (auto& [name, service] : services_) {
    if (service.sheet && !service.sheet->look()) continue;  // it is being written just now
    learn_identity(service);
    say_silence(service, now);
  }
  let_others_in(now);
  monitors_.assign(bank_.members.size(), {});
  for (auto& [name, service] : services_) {
    if (!service.fit || is_passed_over(service)) continue;
    const std::size_t pack = service.fit->member;
    bank::Member view = view_of(service, now);
    const bool twice = !found[pack].services.empty();
    found[pack].services.emplace_back(end_of(name));
    // A second one that has not answered yet hides nothing of the first.
    if (view.present || !twice) {
      all[pack] = std::move(view);
      identities_[pack] = service.who;
      monitors_[pack] = monitor_of_service(service);
      found[pack].as = end_of(name);
    }
    all[pack].twice = twice;
    twins[pack] = twins_of(pack, found[pack]);
  }
  find_same_serials(all, found, excluded, twins);
  say_twins(std::move(twins));
  return all;
}

void BankPacks::acknowledge_alerts(std::size_t pack) {
  if (monitors_[pack].alerts == 0) return;
  for (auto& [name, service] : services_) {
    if (!service.ours || !service.fit || service.fit->member != pack) continue;
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
