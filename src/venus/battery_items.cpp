#include "venus/battery_items.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "venus/alarm_paths.hpp"
#include "venus/utf8.hpp"

namespace bms::venus {
namespace {

/// The tail of the serial number tells packs apart where only one name is shown; without one, the port does.
std::string default_product_name(const ServiceFacts& facts, const DeviceInfo& device) {
  if (!facts.product_name.empty()) return facts.product_name;
  constexpr std::size_t tail = 8;
  const std::string& serial = device.serial;
  const std::string distinct =
      serial.empty() ? facts.tty_name : serial.substr(serial.size() - std::min(tail, serial.size()));
  const std::string family = device.family.empty() ? "" : device.family + ' ';
  return family + "BMS (" + distinct + ')';
}

/// The numbers that stand for <n>, in the order of the index.
std::vector<std::size_t> numbers_of(Each each, const Battery& battery) {
  std::vector<std::size_t> numbers;
  if (each == Each::soc_point) {
    for (const auto& point : battery.estimate.time_to_soc)
      numbers.push_back(static_cast<std::size_t>(std::clamp(std::round(point.soc_pct), 0.0, 100.0)));
  } else {
    numbers.resize(each == Each::cell ? battery.cell_count : battery.reading.temperatures_c.size());
    std::iota(numbers.begin(), numbers.end(), 1);
  }
  return numbers;
}

/// The first faults, as many as people want to read in one line, and how many more there are.
std::string faults_in_words(const std::vector<std::string>& faults) {
  constexpr std::size_t most = 3;
  std::string words;
  for (std::size_t i = 0; i < std::min(most, faults.size()); ++i) words += (i == 0 ? "" : "; ") + faults[i];
  if (faults.size() > most) words += "; and " + std::to_string(faults.size() - most) + " more";
  return words;
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

BatteryItems::BatteryItems(ServiceFacts facts, const Battery& battery, const UserBounds& bounds)
    : facts_{std::move(facts)},
      bounds_{bounds},
      product_name_{default_product_name(facts_, battery.device)},
      faults_text_{faults_in_words(facts_.configuration_faults)} {
  add_items(battery);
  set_user_settings({});
}

void BatteryItems::add_items(const Battery& battery) {
  std::size_t count = user_setting_rows().size() + 1;
  for (const auto table : battery_paths()) count += table.size();
  std::vector<std::string> numbered_names;
  for (const NumberedPath& row : numbered_paths()) {
    std::size_t index = 0;
    for (const std::size_t number : numbers_of(row.each, battery)) {
      std::string name = numbered(row.path, number);
      // Two points of SoC may round to the same percentage.
      if (std::ranges::find(numbered_names, name) == numbered_names.end()) {
        numbered_names.push_back(std::move(name));
        numbered_.push_back({&row, index});
      }
      ++index;
    }
  }
  tree_.reserve(count + numbered_.size());

  for (const auto table : battery_paths())
    for (const Path& row : table) tree_.add(std::string{row.path}, row.kind, write_access(row.access));
  for (std::size_t i = 0; i < numbered_.size(); ++i) tree_.add(std::move(numbered_names[i]), numbered_[i].row->kind);
  first_user_setting_ = tree_.items().size();
  for (const UserSetting& row : user_setting_rows()) {
    tree_.add(std::string{row.path}, row.kind,
              std::make_unique<WriteAccess>([this, &row](Value& value) { return take_user_setting(row, value); },
                                            row.range(bounds_)));
  }
  if (facts_.reading_age_s) {
    tree_.add_live(std::string{reading_age_path}, {Type::real, {1, "s"}, {.counts_per_unit = 10}},
                   [this] { return real(facts_.reading_age_s()); });
  }
}

void BatteryItems::update(const Battery& battery, const Limits& limits) {
  const Limits published = safe(limits);
  describe_alarms(battery, alarms_text_);
  const View view{battery, published, facts_, product_name_, alarms_text_, faults_text_};
  const auto take = [&](ItemTree::Id id, const auto& row, auto... index) {
    tree_.set(id, trusted(row.trust, battery.contact) ? row.source(view, index...) : ValueView{});
  };

  // Items have the order of the tables. CVL, the first, is withdrawn before the currents and granted after them.
  const auto tables = battery_paths();
  const Path& cvl = tables.front().front();
  if (!published.charge_voltage_v) take(0, cvl);
  ItemTree::Id id = 0;
  for (const auto table : tables) {
    for (const Path& row : table) {
      if (id != 0) take(id, row);
      ++id;
    }
  }
  for (const NumberedItem& item : numbered_) take(id++, *item.row, item.index);
  take(0, cvl);
}

void BatteryItems::set_custom_name(const std::string& name) {
  facts_.custom_name = name;
  tree_.set(*tree_.find("/CustomName"), text(name));
}

void BatteryItems::set_user_settings(const UserSettings& user) {
  user_ = user;
  ItemTree::Id id = first_user_setting_;
  for (const UserSetting& row : user_setting_rows())
    tree_.set(id++, view(as_value(row, in_force(row, user_, bounds_))));
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
    case Access::set_soc:
      return std::make_unique<WriteAccess>([this](const Value& value) { return take_soc(value); }, Range{0, 100, 100},
                                           true);
    case Access::clear_history:
      return std::make_unique<WriteAccess>([this](Value& value) { return take_clear(value); }, Range{1, 7, 1}, true);
  }
  return nullptr;
}

SetResult BatteryItems::take_custom_name(const Value& value) {
  const auto* name = std::get_if<std::string>(&value);
  if (!name || name->size() > longest_custom_name || !is_clean_text(*name)) return SetResult::refused;
  facts_.custom_name = *name;
  if (handlers_.custom_name) handlers_.custom_name(*name);
  return SetResult::accepted;
}

SetResult BatteryItems::take_soc(const Value& value) const {
  const auto* soc_pct = std::get_if<double>(&value);
  const bool taken = soc_pct && handlers_.soc && handlers_.soc(*soc_pct);
  return taken ? SetResult::accepted : SetResult::refused;
}

SetResult BatteryItems::take_clear(Value& value) const {
  const auto* group = std::get_if<std::int32_t>(&value);
  if (!group || !handlers_.clear_history) return SetResult::refused;
  handlers_.clear_history(*group);
  value = std::int32_t{0};
  return SetResult::accepted;
}

SetResult BatteryItems::take_user_setting(const UserSetting& row, Value& value) {
  if (!handlers_.user_settings) return SetResult::refused;
  // Back to what is configured, by saying nothing or the same: it follows the configuration again.
  const double configured = row.range(bounds_).initial;
  const bool as_before = !is_valid(value) || value == as_value(row, configured);
  row.put(user_, as_before ? std::nullopt : number_in(value));
  value = as_value(row, in_force(row, user_, bounds_));
  handlers_.user_settings(bounded(user_, bounds_));
  return SetResult::accepted;
}

}  // namespace bms::venus
