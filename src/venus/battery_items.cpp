#include "venus/battery_items.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "venus/utf8.hpp"

namespace bms::venus {
namespace {

constexpr std::size_t longest_custom_name = 128;  // bytes; the GUI offers 32 characters

/// The tail of the serial number tells packs apart where only one name is shown; without one, the port does.
std::string default_product_name(const ServiceFacts& facts, const DeviceInfo& device) {
  constexpr std::size_t tail = 8;
  const std::string& serial = device.serial;
  const std::string distinct =
      serial.empty() ? facts.tty_name : serial.substr(serial.size() - std::min(tail, serial.size()));
  const std::string family = device.family.empty() ? "" : device.family + ' ';
  return family + "BMS (" + distinct + ')';
}

std::size_t count_of(Each each, const Battery& battery) {
  return each == Each::cell ? battery.cell_count : battery.reading.temperatures_c.size();
}

/// Whatever charge control says, 0 V never goes out, and no current is unknown while the voltage is known: an unknown
/// limit would be none.
Limits safe(Limits limits) {
  constexpr double no_battery_v = 1;
  const auto finite = [](std::optional<double> value) { return value && std::isfinite(*value); };
  auto& cvl = limits.charge_voltage_v;
  if (!finite(cvl) || *cvl < no_battery_v) cvl.reset();
  for (auto* current : {&limits.charge_current_a, &limits.discharge_current_a}) {
    if (!finite(*current)) *current = cvl ? std::optional<double>{0.0} : std::nullopt;
    if (*current) *current = std::max(**current, 0.0);
  }
  return limits;
}

}  // namespace

BatteryItems::BatteryItems(ServiceFacts facts, const Battery& battery)
    : facts_{std::move(facts)}, product_name_{default_product_name(facts_, battery.device)} {
  for (const NumberedPath& row : numbered_paths()) counts_.push_back(count_of(row.each, battery));
  tree_.reserve(std::accumulate(counts_.begin(), counts_.end(), battery_paths().size()));

  for (const Path& row : battery_paths()) tree_.add(std::string{row.path}, row.kind, write_access(row.access));
  auto count = counts_.begin();
  for (const NumberedPath& row : numbered_paths()) {
    for (std::size_t n = 1; n <= *count; ++n) tree_.add(numbered(row.path, n), row.kind);
    ++count;
  }
}

void BatteryItems::update(const Battery& battery, const Limits& limits) {
  const Limits published = safe(limits);
  const View view{battery, published, facts_, product_name_};
  const auto take = [&](ItemTree::Id id, const auto& row, auto... index) {
    tree_.set(id, trusted(row.trust, battery.contact) ? row.source(view, index...) : ValueView{});
  };

  // Items have the order of the tables. CVL, the first, is withdrawn before the currents and granted after them.
  const Path& cvl = battery_paths().front();
  if (!published.charge_voltage_v) take(0, cvl);
  ItemTree::Id id = 1;
  for (const Path& row : battery_paths().subspan(1)) take(id++, row);
  auto count = counts_.begin();
  for (const NumberedPath& row : numbered_paths()) {
    for (std::size_t index = 0; index < *count; ++index) take(id++, row, index);
    ++count;
  }
  take(0, cvl);
}

void BatteryItems::set_custom_name(const std::string& name) {
  facts_.custom_name = name;
  tree_.set(*tree_.find("/CustomName"), text(name));
}

std::unique_ptr<WriteAccess> BatteryItems::write_access(Access access) {
  switch (access) {
    case Access::read: return nullptr;
    case Access::request_id:
      // There is one pack, and it is the present value: whatever comes here is another one.
      return std::make_unique<WriteAccess>([](const Value&) { return SetResult::refused; }, Range{1, 1, 1});
    case Access::custom_name:
      return std::make_unique<WriteAccess>([this](const Value& value) { return take_custom_name(value); },
                                           std::nullopt);
  }
  return nullptr;
}

SetResult BatteryItems::take_custom_name(const Value& value) {
  const auto* name = std::get_if<std::string>(&value);
  if (!name || name->size() > longest_custom_name || !is_clean_text(*name)) return SetResult::refused;
  facts_.custom_name = *name;
  if (custom_name_written_) custom_name_written_(*name);
  return SetResult::accepted;
}

}  // namespace bms::venus
