#include "driver/bank_packs.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace bms::driver {

BankPacks::BankPacks(bus::BusConnection& bus, std::string heartbeats, std::set<std::string> own)
    : bus_(bus), heartbeats_(std::move(heartbeats)), own_(std::move(own)) {}

void BankPacks::take_owner(const std::string& name, const std::string& owner) {
  if (!name.starts_with(FollowedPack::service_class) || own_.contains(name)) return;
  packs_.erase(name);
  if (owner.empty()) return;
  if (packs_.size() == most) {
    if (!std::exchange(crowded_, true))
      spdlog::error("{} is not looked at: there are {} batteries already", name, most);
    return;
  }
  packs_[name] = std::make_unique<FollowedPack>(bus_, name, owner, heartbeats_);
}

std::vector<FollowedPack*> BankPacks::all_called(std::string_view member) {
  std::vector<FollowedPack*> called;
  for (const auto& [name, pack] : packs_)
    if (pack->answered() && pack->is(member)) called.push_back(pack.get());
  return called;
}

FollowedPack* BankPacks::find(std::string_view member) {
  const auto called = all_called(member);
  return called.size() == 1 ? called.front() : nullptr;
}

bank::Member BankPacks::look(std::string_view member, Clock::time_point now) {
  const auto called = all_called(member);
  if (called.empty()) return {};
  bank::Member seen = called.front()->look(now);
  seen.twice = called.size() > 1;
  return seen;
}

}  // namespace bms::driver
