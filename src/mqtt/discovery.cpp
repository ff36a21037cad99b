#include "mqtt/discovery.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace bms::mqtt {

namespace {

using Json = nlohmann::ordered_json;

constexpr double least_expiry_s = 60;
constexpr double heartbeats_to_expiry = 3;

// Facts: the documentation of Home Assistant's MQTT integration.
constexpr Abbreviation names[] = {
    {"availability", "avty"},
    {"availability_mode", "avty_mode"},
    {"command_topic", "cmd_t"},
    {"components", "cmps"},
    {"configuration_url", "cu"},
    {"device", "dev"},
    {"device_class", "dev_cla"},
    {"enabled_by_default", "en"},
    {"entity_category", "ent_cat"},
    {"expire_after", "exp_aft"},
    {"identifiers", "ids"},
    {"manufacturer", "mf"},
    {"model", "mdl"},
    {"optimistic", "opt"},
    {"options", "ops"},
    {"origin", "o"},
    {"payload_off", "pl_off"},
    {"payload_on", "pl_on"},
    {"payload_press", "pl_prs"},
    {"platform", "p"},
    {"retain", "ret"},
    {"state_class", "stat_cla"},
    {"state_topic", "stat_t"},
    {"suggested_display_precision", "sug_dsp_prc"},
    {"sw_version", "sw"},
    {"topic", "t"},
    {"unique_id", "uniq_id"},
    {"unit_of_measurement", "unit_of_meas"},
    {"value_template", "val_tpl"},
};

const char* key(std::string_view option) {
  const auto* const found = std::ranges::find(names, option, &Abbreviation::option);
  return found == std::end(names) ? option.data() : found->abbreviated.data();
}

void put(Json& component, const char* option, std::string_view text) {
  if (!text.empty()) component[key(option)] = text;
}

std::string value_of(std::string_view expression) { return "{{ value_json." + std::string(expression) + " }}"; }

bool is_number(const Look& look) { return !look.state_class.empty() || look.decimals >= 0; }

/// A document about a device, as it comes about.
class Document {
 public:
  Document(const Device& device, const Values& values, const items::ItemTree& items, const Config& config)
      : device_(device), values_(values), items_(items), config_(config) {}

  [[nodiscard]] std::string text() {
    Json root;
    root[key("device")] = device();
    root[key("origin")] = {{"name", "dbus-bms"}, {key("sw_version"), BMS_VERSION}};
    root[key("availability")] =
        Json::array({{{key("topic"), device_.status_topic}}, {{key("topic"), device_.topics.availability}}});
    root[key("availability_mode")] = "all";
    root[key("state_topic")] = device_.topics.state;
    for (const Entry& entry : values_.state()) add_state(entry);
    for (const Entry& entry : values_.alarms()) add_alarm(entry);
    for (const Entry& entry : values_.cells()) add_cell(entry);
    if (device_.may_be_changed) {
      for (const CommandRow& row : command_rows()) add_command(row);
    }
    root[key("components")] = std::move(components_);
    return root.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  [[nodiscard]] Json device() const {
    Json device;
    device[key("identifiers")] = Json::array({unique("")});
    device["name"] = device_.name;
    put(device, "manufacturer", device_.info.family);
    put(device, "model", device_.info.model);
    put(device, "serial_number", device_.info.serial);
    put(device, "sw_version", device_.info.firmware);
    return device;
  }

  [[nodiscard]] std::string unique(std::string_view name) const {
    return "dbus-bms_" + device_.battery_id + (name.empty() ? "" : "_") + std::string(name);
  }

  [[nodiscard]] Json& component(const std::string& name, const char* platform, std::string_view title) {
    Json& made = components_[name];
    made[key("platform")] = platform;
    made[key("unique_id")] = unique(name);
    made["name"] = title;
    return made;
  }

  /// A value that is shown.
  Json& shown(const std::string& name, const Entry& entry, std::string value_template) {
    Json& made = component(name, entry.platform == Platform::sensor ? "sensor" : "binary_sensor", entry.name);
    const Look& look = entry.look;
    made[key("value_template")] = std::move(value_template);
    put(made, "device_class", look.device_class);
    put(made, "unit_of_measurement", look.unit);
    put(made, "state_class", look.state_class);
    if (look.decimals >= 0) made[key("suggested_display_precision")] = look.decimals;
    if (!look.options.empty()) made[key("options")] = look.options;
    if (look.diagnostic) made[key("entity_category")] = "diagnostic";
    if (!look.enabled) made[key("enabled_by_default")] = false;
    made[key("expire_after")] = static_cast<int>(std::max(least_expiry_s, heartbeats_to_expiry * config_.heartbeat_s));
    return made;
  }

  void add_state(const Entry& entry) {
    if (!entry.known) return;
    const bool words = entry.platform == Platform::sensor && !is_number(entry.look) && entry.look.options.empty();
    // A longer state than this is refused.
    Json& made =
        shown(entry.key, entry,
              words ? "{{ value_json." + entry.key + " | string | truncate(255, true, '') }}" : value_of(entry.key));
    if (entry.platform == Platform::binary_sensor) put_on_off(made, "1", "0");
  }

  void add_alarm(const Entry& entry) {
    if (!entry.known) return;
    // A warning is no problem yet.
    shown("alarm_" + entry.key, entry, "{{ {0:'OFF',1:'OFF',2:'ON'}.get(value_json.alarms." + entry.key + ") }}");
  }

  void add_cell(const Entry& entry) {
    const auto index = static_cast<std::size_t>(&entry - values_.cells().data());
    shown(entry.key, entry, value_of("v[" + std::to_string(index) + "]"))[key("state_topic")] = device_.topics.cells;
  }

  static void put_on_off(Json& component, const char* on, const char* off) {
    component[key("payload_on")] = on;
    component[key("payload_off")] = off;
  }

  void add_command(const CommandRow& row) {
    const auto item = items_.find(row.path);
    if (row.least > config_.commands || config_.commands == Commands::no || !item) return;
    const auto& access = items_[*item].write;
    if (!access || !access->range) return;
    const items::Range& range = *access->range;
    // Nothing can be chosen where there is one value, and Home Assistant refuses such a range.
    if (range.max <= range.min) return;
    switch (row.control) {
      case Control::number: return add_number(row, range);
      case Control::toggle: return add_switch(row);
      case Control::choice: return add_choice(row, range);
      case Control::button: return add_button(row);
    }
  }

  [[nodiscard]] Json& command(const CommandRow& row, const char* platform) {
    Json& made = component("set_" + std::string(row.name), platform, row.title);
    made[key("command_topic")] = device_.topics.commands + std::string(row.name);
    made[key("entity_category")] = "config";
    return made;
  }

  static std::string setting(const CommandRow& row) { return "settings." + std::string(row.name); }

  void add_number(const CommandRow& row, const items::Range& range) {
    Json& made = command(row, "number");
    made[key("value_template")] = value_of(setting(row));
    made["min"] = range.min;
    made["max"] = range.max;
    made["step"] = row.step;
    made["mode"] = "box";
    put(made, "device_class", row.look.device_class);
    put(made, "unit_of_measurement", row.look.unit);
  }

  void add_switch(const CommandRow& row) {
    Json& made = command(row, "switch");
    made[key("value_template")] = value_of(row.shown.empty() ? setting(row) : std::string(row.shown));
    put_on_off(made, "1", "0");
    made[key("optimistic")] = false;
  }

  void add_choice(const CommandRow& row, const items::Range& range) {
    Json& made = command(row, "select");
    std::string list, map;
    Json options = Json::array();
    for (std::size_t i = 0; i < row.look.options.size() && static_cast<double>(i) <= range.max; ++i) {
      const std::string word = "'" + std::string(row.look.options[i]) + "'";
      options.push_back(row.look.options[i]);
      list += (i == 0 ? "" : ", ") + word;
      map += (i == 0 ? "" : ", ") + word + ": " + std::to_string(i);
    }
    made[key("options")] = std::move(options);
    made[key("value_template")] = "{{ [" + list + "][value_json." + setting(row) + "] }}";
    made["command_template"] = "{{ {" + map + "}[value] }}";
  }

  void add_button(const CommandRow& row) { command(row, "button")[key("payload_press")] = "1"; }

  const Device& device_;
  const Values& values_;
  const items::ItemTree& items_;
  const Config& config_;
  Json components_ = Json::object();
};

}  // namespace

std::string discovery_document(const Device& device, const Values& values, const items::ItemTree& items,
                               const Config& config) {
  return Document(device, values, items, config).text();
}

std::span<const Abbreviation> abbreviations() { return names; }

}  // namespace bms::mqtt
