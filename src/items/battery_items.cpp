#include "items/battery_items.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "bms/utf8.hpp"
#include "items/alarm_paths.hpp"

namespace bms::items {

using enum SetResult;

namespace {

/// The tail of the serial number tells packs apart where only one name is shown; without one, the port does.
std::string default_product_name(const ServiceFacts& facts, const DeviceInfo& device) {
  if (!facts.who.product_name.empty()) return facts.who.product_name;
  constexpr std::size_t tail = 8;
  const std::string& serial = device.serial;
  const std::string distinct =
      serial.empty() ? facts.who.place : serial.substr(serial.size() - std::min(tail, serial.size()));
  const std::string family = device.family.empty() ? "" : device.family + ' ';
  return family + "BMS (" + distinct + ')';
}

/// One of the things that a numbered path exists for.
struct Numbers {
  std::size_t index;     ///< for the source of its value
  std::size_t number;    ///< in place of <n> ...
  std::size_t cell = 0;  ///< ... and of <c>
};

std::vector<Numbers> counted(std::size_t first, std::size_t count) {
  std::vector<Numbers> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; ++i) all.push_back({i, first + i});
  return all;
}

std::vector<Numbers> cells_of_packs(const Battery& battery, const BankView* bank) {
  std::vector<Numbers> all;
  const std::size_t packs = bank ? bank->packs.size() : 1;
  for (std::size_t pack = 0; pack < packs; ++pack) {
    const std::size_t cells = bank ? bank->packs[pack].cell_count : battery.cell_count;
    for (std::size_t cell = 0; cell < std::min(cells, max_cells); ++cell)
      all.push_back({index_of({pack, cell}), pack + 1, cell + 1});
  }
  return all;
}

/// Those of a string are known although it is refused now; packs in parallel have no cells in common.
std::size_t cells_in_row(const Battery& battery, const BankView* bank) {
  if (!bank) return battery.cell_count;
  std::size_t cells = 0;
  for (const PackView& pack : bank->packs) cells += bank->series ? pack.cell_count : 0;
  return std::min(cells, max_cells);
}

std::vector<Numbers> points_of_soc(const Battery& battery) {
  std::vector<Numbers> all;
  for (const auto& point : battery.estimate.time_to_soc)
    all.push_back({all.size(), static_cast<std::size_t>(std::clamp(std::round(point.soc_pct), 0.0, 100.0))});
  return all;
}

/// In the order of the index.
std::vector<Numbers> numbers_of(Each each, const Battery& battery, const BankView* bank) {
  constexpr std::size_t most_modules = 10;  // the GUI knows no more
  const std::size_t modules = battery.reading.modules;
  switch (each) {
    case Each::cell: return counted(1, cells_in_row(battery, bank));
    case Each::pack: return counted(1, bank ? bank->packs.size() : 1);
    case Each::pack_cell: return cells_of_packs(battery, bank);
    case Each::bank_pack: return counted(1, bank ? bank->packs.size() : 0);
    case Each::sensor: return counted(1, battery.reading.temperatures_c.size());
    case Each::error: return counted(1, most_last_errors);
    case Each::module: return counted(0, modules > 1 ? std::min(modules, most_modules) : 0);
    case Each::soc_point: return points_of_soc(battery);
  }
  return {};
}

/// The first faults, as many as people want to read in one line, and how many more there are.
std::string faults_in_words(std::vector<std::string> faults, const Notices& notices) {
  constexpr std::size_t most = 3;
  for (const Notice& notice : notices) faults.emplace_back(notice.text.view());
  std::string words;
  for (std::size_t i = 0; i < std::min(most, faults.size()); ++i) words += (i == 0 ? "" : "; ") + faults[i];
  if (faults.size() > most) words += "; and " + std::to_string(faults.size() - most) + " more";
  return words;
}

/// Whatever charge control says, 0 V never goes out, and no current is unknown while the voltage is known: consumers
/// take an unknown limit for no limit.
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

bool is_custom_name(const Value& value) {
  const auto* name = std::get_if<std::string>(&value);
  return name && name->size() <= longest_custom_name && is_clean_text(*name);
}

/// Accepts what has a value, if somebody hears of it.
auto is_there(const auto& handler) {
  return [&handler](const Value& value) { return is_valid(value) && handler ? accepted : refused; };
}

const UserSetting& setting_at(std::string_view path) {
  return *std::ranges::find(user_setting_rows(), path, &UserSetting::path);
}

}  // namespace

BatteryItems::BatteryItems(ServiceFacts facts, const Battery& battery, const UserBounds& bounds)
    : facts_{std::move(facts)},
      bounds_{bounds},
      product_name_{default_product_name(facts_, battery.device)},
      notices_{battery.notices},
      faults_text_{faults_in_words(facts_.who.configuration_faults, notices_)} {
  add_items(battery);
  set_user_settings({});
}

void BatteryItems::add_items(const Battery& battery) {
  for (const auto table : battery_paths())
    for (const Path& row : table)
      if (!row.there || row.there->has(battery, facts_.who)) rows_.push_back(&row);
  std::vector<std::string> numbered_names;
  for (const auto table : numbered_paths()) {
    for (const NumberedPath& row : table) {
      for (const Numbers& one : numbers_of(row.each, battery, facts_.who.bank)) {
        std::string name = numbered(row.path, one.number, one.cell);
        // Two points of SoC may round to the same percentage.
        if (std::ranges::find(numbered_names, name) != numbered_names.end()) continue;
        numbered_names.push_back(std::move(name));
        numbered_.push_back({&row, one.index});
      }
    }
  }
  tree_.reserve(rows_.size() + numbered_.size() + user_setting_rows().size() + 1);

  const auto add = [this](std::string path, const auto& row, std::size_t index) {
    std::unique_ptr<WriteAccess> access;
    if (row.writable != Writable::no) access = std::make_unique<WriteAccess>(write_access(row.writable, index));
    tree_.add(std::move(path), row.kind, std::move(access));
  };
  for (const Path* row : rows_) add(std::string{row->path}, *row, 0);
  for (std::size_t i = 0; i < numbered_.size(); ++i) {
    const auto& [row, index] = numbered_[i];
    add(std::move(numbered_names[i]), *row, index);
  }
  first_user_setting_ = tree_.items().size();
  for (const UserSetting& row : user_setting_rows()) {
    tree_.add(std::string{row.path}, row.kind, std::make_unique<WriteAccess>(setting_access(row)));
  }
  if (facts_.who.reading_age_s) {
    tree_.add_live(std::string{reading_age_path}, {Type::real, {1, "s"}, {.counts_per_unit = 10}},
                   [this] { return real(facts_.who.reading_age_s()); });
  }
}

void BatteryItems::update(const Battery& battery, const Limits& limits) {
  const Limits published = safe(limits);
  describe_alarms(battery, alarms_text_);
  encode_alarms(battery, alarm_codes_);
  follow(battery, published);
  if (battery.notices != notices_) {
    notices_ = battery.notices;
    faults_text_ = faults_in_words(facts_.who.configuration_faults, notices_);
  }
  View view = view_of(battery, published);
  if (facts_.who.link_quality) view.link = facts_.who.link_quality();
  std::array<bool, trust_count> believed{};
  for (std::size_t i = 0; i < trust_count; ++i) believed[i] = trusted(static_cast<Lasts>(i), battery.contact);
  const auto take = [&](ItemTree::Id id, const auto& row, auto... index) {
    tree_.set(id, believed[static_cast<std::size_t>(row.trust)] ? row.source(view, index...) : ValueView{});
  };

  // Items have the order of the tables. CVL, the first, is withdrawn before the currents and granted after them.
  const Path& cvl = *rows_.front();
  if (!published.charge_voltage_v) take(0, cvl);
  ItemTree::Id id = 1;
  for (; id < rows_.size(); ++id) take(id, *rows_[id]);
  for (const NumberedItem& item : numbered_) take(id++, *item.row, item.index);
  take(0, cvl);
}

void BatteryItems::follow(const Battery& battery, const Limits& limits) {
  const Moment now = facts_.clock ? facts_.clock() : Moment{};
  since_.state.follow(limits.state, now);
  since_.charge_reason.follow(limits.charge_code, now);
  since_.discharge_reason.follow(limits.discharge_code, now);
  follow_alarms(battery, now, since_.alarms);
  encode_alarms_since(battery, since_.alarms, alarms_since_);
}

void BatteryItems::set_custom_name(const std::string& name) {
  facts_.custom_name = name;
  tree_.set(*tree_.find("/CustomName"), text(name));
}

View BatteryItems::view_of(const Battery& battery, const Limits& limits) const {
  return {.battery = battery,
          .limits = limits,
          .facts = facts_,
          .user = user_,
          .bounds = bounds_,
          .soc_to_set = soc_to_set_,
          .product_name = product_name_,
          .alarms = alarms_text_,
          .alarm_codes = alarm_codes_,
          .alarms_since = alarms_since_,
          .since = since_,
          .faults = faults_text_,
          .requested_pack = requested_pack_};
}

void BatteryItems::set_user_settings(const UserSettings& user) {
  user_ = user;
  show_user_settings();
}

/// Shows what is in force, also at the switches, which are other sides of two settings.
void BatteryItems::show_user_settings() {
  ItemTree::Id id = first_user_setting_;
  for (const UserSetting& row : user_setting_rows())
    tree_.set(id++, view(as_value(row, in_force(row, user_, bounds_))));
  const Battery none;
  const Limits nothing;
  const View present = view_of(none, nothing);
  for (const Path& row : switch_paths()) tree_.set(*tree_.find(row.path), row.source(present));
}

void BatteryItems::set_bounds(const UserBounds& bounds) {
  bounds_ = bounds;
  ItemTree::Id id = first_user_setting_;
  for (const UserSetting& row : user_setting_rows()) tree_.set_range(id++, row.range(bounds_));
  set_user_settings(bounded(user_, bounds_));
}

WriteAccess BatteryItems::write_access(Writable writable, std::size_t index) {
  const auto refuse = [](const Value&) { return SetResult::refused; };
  switch (writable) {
    case Writable::no: break;
    case Writable::request_id:
      return {.decide = [](const Value& value) { return is_valid(value) ? accepted : refused; },
              .range = Range{1, facts_.who.bank ? static_cast<double>(facts_.who.bank->packs.size()) : 1, 1},
              .act =
                  [this](const Value& value) {
                    requested_pack_ = std::get<std::int32_t>(value);
                    return accepted;
                  }};
    case Writable::custom_name:
      return {.decide = [](const Value& value) { return is_custom_name(value) ? accepted : refused; },
              .act = [this](const Value& value) { return take_custom_name(std::get<std::string>(value)); }};
    case Writable::set_soc:
      return {.decide = is_there(handlers_.soc),
              .range = Range{0, 100, 100},
              .act = [this](const Value& value) { return handlers_.soc(*number_in(value)) ? accepted : refused; },
              .action = true};
    case Writable::allow_charge: return switch_access(setting_at("/Settings/ChargeBlocked"));
    case Writable::allow_discharge: return switch_access(setting_at("/Settings/DischargeBlocked"));
    case Writable::charge_off: return bms_switch_access([](bool on) { return BmsSwitch{SetFet{Fet::charge, on}}; });
    case Writable::discharge_off:
      return bms_switch_access([](bool on) { return BmsSwitch{SetFet{Fet::discharge, on}}; });
    case Writable::balancer_off: return bms_switch_access([](bool on) { return BmsSwitch{SetBalancer{on}}; });
    case Writable::soc_to_set:
      return {.decide = is_there(handlers_.soc), .range = Range{0, 100, 100}, .act = [this](const Value& value) {
                soc_to_set_ = number_in(value);
                return accepted;
              }};
    case Writable::apply_soc:
      return {.decide = is_there(handlers_.soc),
              .range = Range{0, 1, 0},
              .act = [this](const Value& value) { return *number_in(value) == 0 ? accepted : apply_soc(); },
              .action = true};
    case Writable::release_line:
      return {
          .decide = is_there(handlers_.release_line),
          .range = Range{0, longest_release_min, 0},
          .act = [this](const Value& value) { return handlers_.release_line(*number_in(value)) ? accepted : refused; },
          .action = true};
    case Writable::exclude_pack:
      return {.decide = is_there(handlers_.exclude_pack),
              .range = Range{0, 1, 0},
              .act = [this, index](const Value& value) {
                return handlers_.exclude_pack(index, *number_in(value) != 0) ? accepted : refused;
              }};
    case Writable::acknowledge:
      return {.decide = is_there(handlers_.acknowledge_alerts),
              .range = Range{0, 1, 0},
              .act =
                  [this](const Value& value) {
                    if (*number_in(value) != 0) handlers_.acknowledge_alerts();
                    return accepted;
                  },
              .action = true};
    case Writable::clear_history:
      return {.decide = is_there(handlers_.clear_history),
              .range = Range{1, 7, 1},
              .act =
                  [this](const Value& value) {
                    handlers_.clear_history(std::get<std::int32_t>(value));
                    return accepted;
                  },
              .action = true};
  }
  return {.decide = refuse};
}

SetResult BatteryItems::take_custom_name(const std::string& name) {
  facts_.custom_name = name;
  if (handlers_.custom_name) handlers_.custom_name(name);
  return accepted;
}

WriteAccess BatteryItems::setting_access(const UserSetting& row) {
  return {.decide =
              [this, &row](Value& value) {
                if (!handlers_.user_settings) return refused;
                value = as_value(row, in_force(row, with(row, value), bounds_));
                return accepted;
              },
          .range = row.range(bounds_),
          .act = [this, &row](const Value& value) { return change(with(row, value)); }};
}

/// The other side of a setting that blocks something.
WriteAccess BatteryItems::switch_access(const UserSetting& blocked) {
  const auto setting = [](const Value& allowed) { return Value{std::int32_t{*number_in(allowed) == 0 ? 1 : 0}}; };
  return {.decide =
              [this, &blocked, setting](const Value& allowed) {
                const bool possible = is_valid(allowed) && handlers_.user_settings &&
                                      *number_in(setting(allowed)) >= blocked.range(bounds_).min;
                return possible ? accepted : refused;
              },
          .range = Range{0, 1, 1},
          .act = [this, &blocked, setting](const Value& allowed) { return change(with(blocked, setting(allowed))); }};
}

/// A switch of the BMS, by what is written to switch it off. It shows something else when the BMS does.
WriteAccess BatteryItems::bms_switch_access(BmsSwitch (*turned)(bool on)) {
  return {
      .decide = is_there(handlers_.switch_over),
      .range = Range{0, 1, 0},
      .act = [this, turned](
                 const Value& off) { return handlers_.switch_over(turned(*number_in(off) == 0)) ? accepted : refused; },
      .action = true};
}

SetResult BatteryItems::apply_soc() { return soc_to_set_ && handlers_.soc(*soc_to_set_) ? accepted : refused; }

/// The owner's settings with one of them changed. Back to what is configured, by saying nothing or the same, means that
/// it follows the configuration again.
UserSettings BatteryItems::with(const UserSetting& row, const Value& value) const {
  const bool follows = !is_valid(value) || value == as_value(row, row.range(bounds_).initial);
  UserSettings user = user_;
  row.put(user, follows ? std::nullopt : number_in(value));
  return user;
}

SetResult BatteryItems::change(const UserSettings& user) {
  set_user_settings(user);
  handlers_.user_settings(bounded(user_, bounds_));
  return accepted;
}

}  // namespace bms::items
