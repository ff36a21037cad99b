#include "bridge/system.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <cstdint>
#include <utility>

namespace bms::bridge {
namespace {

using namespace std::chrono_literals;

enum SystemPath : std::size_t { dvcc, solar_charge_current, pv_disable };
constexpr std::array<std::string_view, 3> system_paths{"/Control/Dvcc", "/Control/SolarChargeCurrent", "/Pv/Disable"};

constexpr auto tick = 4s;  // it writes every 3 s

}  // namespace

System::System(bus::BusConnection& bus, bool dry_run, std::function<void()> on_news)
    : bus_{bus}, dry_run_{dry_run}, on_news_{std::move(on_news)} {}

void System::owner_changed(const std::string& owner) {
  service_.reset();
  pv_disable_.reset();
  if (owner.empty()) return;
  came_at_ = std::chrono::steady_clock::now();
  service_ = std::make_unique<bus::FollowedService>(bus_, std::string{service_name}, owner, system_paths, on_news_);
  const auto log_problem = [](const std::string& problem) {
    if (!problem.empty()) spdlog::warn("/Pv/Disable: {}", problem);
  };
  pv_disable_ = std::make_unique<bus::ConfirmedWrite>(bus_, owner, std::string{system_paths[pv_disable]}, log_problem);
}

SystemView System::view() const {
  if (!service_) return {};
  const auto controlled = service_->number(dvcc);
  SystemView view{.present = true, .dvcc = controlled.value_or(0) != 0};
  view.writes_charge_current = service_->number(solar_charge_current).value_or(0) != 0;
  view.has_pv_disable = service_->has(pv_disable);
  view.known = service_->answered() && controlled;
  view.has_begun = std::chrono::steady_clock::now() - came_at_ >= tick;
  return view;
}

void System::disable_pv(std::optional<bool> wanted, bool only_news) {
  const bool is_new = wanted.value_or(false) != std::exchange(pv_disabled_, wanted.value_or(false));
  if (!wanted || (!is_new && only_news) || !pv_disable_) return;
  if (!dry_run_) pv_disable_->write(std::int32_t{*wanted ? 1 : 0}, false);
  if (is_new) spdlog::warn("all PV is {} through /Pv/Disable", *wanted ? "stopped" : "given free");
}

}  // namespace bms::bridge
