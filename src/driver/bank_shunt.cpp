#include "driver/bank_shunt.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <string_view>
#include <utility>

#include "config/bank_name.hpp"

namespace bms::driver {

using namespace std::chrono_literals;

namespace {

constexpr auto pause_between_questions = 2s;
constexpr auto longest_shunt_answer = 2s;
constexpr std::size_t most_fitting = 64;

enum ShuntPath : std::size_t { shunt_current, shunt_voltage, shunt_connected };
constexpr std::array<std::string_view, 3> shunt_paths{"/Dc/0/Current", "/Dc/0/Voltage", "/Connected"};

bool fits(std::string_view name, std::string_view wanted) {
  if (!name.starts_with(config::battery_service)) return false;
  if (wanted.starts_with(config::battery_service)) return name == wanted;
  return name.substr(config::battery_service.size()).ends_with(wanted);
}

}  // namespace

BankShunt::BankShunt(bus::BusConnection& bus, std::string service, std::string prefix,
                     std::function<bool(const std::string& service)> is_other)
    : bus_(bus),
      service_(std::move(service)),
      prefix_(std::move(prefix)),
      is_other_(std::move(is_other)),
      next_question_(bus.loop()),
      names_(bus, {.on_owner = [this](const auto& name, const auto& owner) { take_owner(name, owner); },
                   .on_complete = [] {}}) {}

void BankShunt::take_owner(const std::string& name, const std::string& owner) {
  if (!fits(name, service_)) return;
  if (followed_ && followed_->name() == name) followed_.reset();
  fitting_.erase(name);
  if (!owner.empty() && fitting_.size() < most_fitting) fitting_[name] = owner;
}

/// What it takes to be the shunt may turn out to be a pack: who a pack is it says late.
void BankShunt::choose() {
  if (followed_ && is_other_(followed_->name())) followed_.reset();
  if (followed_) return;
  for (const auto& [name, owner] : fitting_) {
    if (!is_other_(name)) return follow(name, owner);
    if (std::exchange(refused_, name).empty())
      spdlog::error(
          "{}shunt: {} is the bank itself or one of its packs: it is not followed; expected a service of its "
          "own",
          prefix_, name);
  }
}

void BankShunt::follow(const std::string& name, const std::string& owner) {
  spdlog::info("{}the shunt is {}", prefix_, name);
  answered_at_.reset();
  followed_ = std::make_unique<bus::FollowedService>(bus_, name, owner, shunt_paths, [] {});
  next_question_.after(pause_between_questions, [this] { ask(); });
}

void BankShunt::ask() {
  if (!followed_) return;
  followed_->ask(shunt_current, longest_shunt_answer, [this](bool answered) {
    if (answered) answered_at_ = Clock::now();
    next_question_.after(pause_between_questions, [this] { ask(); });
  });
}

std::optional<bank::Shunt> BankShunt::measured(Clock::time_point now) {
  choose();
  if (!followed_ || !answered_at_ || followed_->number(shunt_connected).value_or(1) == 0) return std::nullopt;
  return bank::Shunt{.age_s = std::chrono::duration<double>(now - *answered_at_).count(),
                     .voltage_v = followed_->number(shunt_voltage),
                     .current_a = followed_->number(shunt_current)};
}

}  // namespace bms::driver
