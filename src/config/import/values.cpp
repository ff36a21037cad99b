#include "config/import/values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "bms/utf8.hpp"
#include "config/config.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view no_number = "is not a number";
constexpr std::string_view no_flag = "is neither True nor False";

/// What the key of the row comes to; a row is only asked when it is in the file, or another of its keys is.
std::string_view said(const ForeignFile& file, std::string_view key) { return file.value(key).value_or(""); }

/// A difference that is empty, 0 or 10 is a rule that is switched off.
std::optional<double> difference(std::string_view text) {
  const auto value = parse_number(text);
  return value && *value > 0 && *value < 10 ? value : std::nullopt;
}

/// Cell voltages by which that driver's users tell it that their cells are not LiFePO4.
constexpr double lowest_li_ion_v = 3.9;
constexpr double highest_li_ion_v = 4.25;
constexpr double lowest_lto_v = 2.3;
constexpr double highest_lto_v = 2.85;
constexpr double highest_lto_min_v = 2.4;

/// No table of charge currents ends above.
constexpr double highest_end = 10;

bool within(const std::optional<double>& value, double min, double max) {
  return value && *value >= min && *value <= max;
}

/// An LFP file with such a slip would have cells discharged to what LTO bears, so both ends must say so.
bool fits_lto(const ForeignFile& file) {
  return within(parse_number(said(file, "MAX_CELL_VOLTAGE")), lowest_lto_v, highest_lto_v) &&
         within(parse_number(said(file, "MIN_CELL_VOLTAGE")), 0, highest_lto_min_v);
}

/// Empty optional: there is no such service, or it is not one that this driver can follow.
std::optional<std::string_view> external_service(const ForeignFile& file) {
  const std::string_view device = unquoted(said(file, "EXTERNAL_SENSOR_DBUS_DEVICE"));
  return device.starts_with("com.victronenergy.battery.") ? std::optional(device) : std::nullopt;
}

/// A value of another service, which is followed at the usual path alone.
Converted from_outside(const ForeignFile& file, std::string_view path, std::string_view usual) {
  if (!external_service(file)) return ask("there is no battery service to take it from, see external_battery");
  if (path != usual) return ask("is not " + std::string(usual) + ", which this driver would follow");
  return taken("external");
}

std::optional<unsigned> hexadecimal(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  unsigned number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  const bool whole = problem == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

// That driver names the host's address, 0x40 for the first board (its bms/daly.py); this one the number of the board.
constexpr unsigned first_daly_host = 0x40;
constexpr unsigned last_daly_host = 0x4F;

bool is_daly(const ForeignFile& file) {
  const auto& types = file.bms_types();
  return !types.empty() &&
         std::ranges::all_of(types, [](const auto& type) { return equal_without_case(type, "Daly"); });
}

/// `nth` of "offset, slope". Empty optional: not such a pair.
std::optional<double> of_pair(std::string_view pair, std::size_t nth, double otherwise) {
  const auto pieces = split(pair, ',');
  if (pieces.size() > 2) return std::nullopt;
  if (nth >= pieces.size() || pieces[nth].empty()) return otherwise;
  return parse_number(pieces[nth]);
}

Converted of_sensor(const ForeignFile& file, const ImportRow& row, std::size_t nth, double neutral) {
  const auto value = of_pair(said(file, row.keys[0]), nth, neutral);
  if (!value) return ask("is not \"offset, slope\"");
  return *value == neutral ? Converted{} : taken(number_text(*value));
}

const CellRange& bounds_of(const ForeignFile& file, std::string_view option) {
  const auto bounds = std::ranges::find(cell_range_rows(), option, &CellRangeRow::option);
  return bounds->ranges[static_cast<std::size_t>(chemistry_of(file))];
}

/// Another voltage than the file says, and why.
Converted taken_instead(double voltage_v, const std::string& why) {
  Converted result = taken(number_text(voltage_v));
  result.question = why + ": taken over is " + number_text(voltage_v);
  return result;
}

Converted not_below(double voltage_v, double lowest_v) {
  if (voltage_v >= lowest_v) return taken(number_text(voltage_v));
  return taken_instead(lowest_v, "is below the lowest that is possible here, " + number_text(lowest_v) + " V");
}

bool wants_full_charges(const ForeignFile& file, std::string_view days_key) {
  const auto days = parse_number(said(file, days_key));
  return days && *days > 0;
}

/// A voltage that was only shipped is not a wish, but whoever has asked for the days must know that it is another one.
Converted with_shipped_reset_voltage(const ForeignFile& file, const ImportRow& row) {
  const auto shipped = std::ranges::find(shipped_values(), row.keys[0], &ShippedValue::key);
  const auto voltage_v = parse_number(shipped->value);
  const auto highest_v = parse_number(said(file, "MAX_CELL_VOLTAGE"));
  const double here_v = std::max(preset_settings(chemistry_of(file)).charge.balancing_cell_v, highest_v.value_or(0));
  if (!voltage_v) return {};
  // That driver takes MAX_CELL_VOLTAGE where its own one is below it.
  const double there_v = std::max(*voltage_v, highest_v.value_or(0));
  if (there_v < here_v) return taken(number_text(there_v));
  if (*voltage_v <= here_v) return {};
  return ask("goes with " + std::string(row.keys[0]) + " = " + number_text(*voltage_v) +
             ", as shipped; here balancing charges go to " + number_text(here_v) +
             " V: write balancing_cell_voltage = " + number_text(*voltage_v) + " if the BMS counts as full there only");
}

/// A type that is reached by Bluetooth, of a family that this driver knows.
bool is_known_by_bluetooth(std::string_view type) {
  constexpr std::string_view suffix = "_Ble";
  if (type.size() < suffix.size() || !equal_without_case(type.substr(type.size() - suffix.size()), suffix))
    return false;
  type.remove_suffix(suffix.size());
  return std::ranges::any_of(known_types(), [&](const KnownType& one) { return equal_without_case(one.theirs, type); });
}

std::string_view reach_of(std::string_view type) {
  if (is_known_by_bluetooth(type))
    return "is reached by Bluetooth; give it a section by its address, as in [battery A4:C1:37:00:00:23]";
  return type.ends_with("_Can") ? "is reached by CAN, which is not supported"
                                : "is a BMS that this driver does not know";
}

}  // namespace

Converted taken(std::string value) { return {.value = std::move(value)}; }

Converted ask(std::string question) { return {.question = std::move(question)}; }

Converted without_meaning(std::string reason) { return {.meaningless = std::move(reason)}; }

Chemistry chemistry_of(const ForeignFile& file) {
  if (fits_lto(file)) return Chemistry::lto;
  const auto highest_v = parse_number(said(file, "MAX_CELL_VOLTAGE"));
  return within(highest_v, lowest_li_ion_v, highest_li_ion_v) ? Chemistry::li_ion : Chemistry::lfp;
}

double highest_of(const ForeignFile& file, std::string_view option) { return bounds_of(file, option).max_v; }

double lowest_of(const ForeignFile& file, std::string_view option) { return bounds_of(file, option).min_v; }

std::string by_bluetooth(std::string_view boards) {
  std::vector<std::string> sections;
  std::vector<std::string> unknown;
  for (const std::string_view board : split(boards, ',')) {
    const std::string_view type = board.substr(0, board.find(' '));
    const std::string_view address = trimmed(board.substr(type.size()));
    if (!is_known_by_bluetooth(type)) {
      if (!type.empty()) unknown.emplace_back(type);
    } else if (!address.empty()) {
      sections.push_back("[battery " + std::string(address) + "]");
    }
  }
  std::string text;
  if (!sections.empty())
    text = "is reached by Bluetooth; give each board a section by its address: " + joined(sections);
  if (!unknown.empty())
    text += (text.empty() ? "" : "; ") + joined(unknown) + " is a BMS that this driver does not know";
  return text.empty() ? "is not a type of BMS and an address" : text;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

Converted number(const ForeignFile& file, const ImportRow& row) {
  const auto value = parse_number(said(file, row.keys[0]));
  return value ? taken(number_text(*value)) : ask(std::string(no_number));
}

Converted number_unless_empty(const ForeignFile& file, const ImportRow& row) {
  return said(file, row.keys[0]).empty() ? Converted{} : number(file, row);
}

Converted number_or_zero(const ForeignFile& file, const ImportRow& row) {
  return said(file, row.keys[0]).empty() ? taken("0") : number(file, row);
}

Converted number_or_off(const ForeignFile& file, const ImportRow& row) {
  return parse_number(said(file, row.keys[0])) == 0 ? taken("off") : number(file, row);
}

Converted flag(const ForeignFile& file, const ImportRow& row) {
  const auto value = foreign_flag(said(file, row.keys[0]));
  return value ? taken(*value ? "yes" : "no") : ask(std::string(no_flag));
}

Converted text(const ForeignFile& file, const ImportRow& row) {
  const std::string value(said(file, row.keys[0]));
  if (value.empty()) return {};
  if (!is_clean_text(value)) return ask("is not text in UTF-8");
  const bool comment = value.find_first_of("#;") != std::string::npos;
  const bool quote = value.contains('"');
  if (comment && quote) return ask("has quotes as well as a sign that begins a comment");
  return taken(comment || quote ? "\"" + value + "\"" : value);
}

Converted log_level(const ForeignFile& file, const ImportRow& row) {
  for (const std::string_view level : {"debug", "info", "warning", "error"}) {
    if (equal_without_case(said(file, row.keys[0]), level)) return taken(std::string(level));
  }
  return ask("is not a level of the log");
}

Converted family(const ForeignFile& file, const ImportRow& /*row*/) {
  std::vector<std::string_view> ours;
  std::string problems;
  for (const std::string& type : file.bms_types()) {
    const auto known =
        std::ranges::find_if(known_types(), [&](const KnownType& one) { return equal_without_case(one.theirs, type); });
    if (known == known_types().end()) {
      problems += (problems.empty() ? "" : ", ") + type + " " + std::string(reach_of(type));
    } else if (std::ranges::find(ours, known->ours) == ours.end()) {
      ours.push_back(known->ours);
    }
  }
  if (!problems.empty()) return ask(problems);
  if (ours.empty()) return {};
  return ours.size() == 1 ? taken(std::string(ours.front()))
                          : without_meaning("names several that this driver knows; which one it is will be found out");
}

Converted addresses(const ForeignFile& file, const ImportRow& row) {
  std::vector<std::string> good;
  std::vector<std::string> bad;
  bool host = false;
  for (const std::string_view item : split(said(file, row.keys[0]), ',')) {
    if (item.empty()) continue;
    auto address = hexadecimal(item);
    const bool of_host = address && *address >= first_daly_host && *address <= last_daly_host;
    if (of_host && is_daly(file)) address = *address - first_daly_host + 1;
    host = host || (of_host && file.bms_types().empty());
    const std::string number = address ? std::to_string(*address) : "";
    if (number.empty() || !parse_addresses(number)) {
      bad.emplace_back(item);
    } else if (std::ranges::find(good, number) == good.end()) {
      good.push_back(number);
    }
  }
  if (host)
    return ask(
        "of a Daly are those of the host: address = 1 is what it calls 0x40; BMS_TYPE does not say if it is one");
  Converted result;
  if (!good.empty()) result.value = joined(good);
  if (!bad.empty()) result.question = joined(bad) + " cannot be the address of a board here";
  return result;
}

Converted external_battery(const ForeignFile& file, const ImportRow& row) {
  const std::string_view device = unquoted(said(file, row.keys[0]));
  if (device.empty()) return {};
  const auto service = external_service(file);
  return service && is_clean_text(*service) ? taken(std::string(*service))
                                            : ask("is not a battery service (com.victronenergy.battery...)");
}

/// That driver does not ask what cells are made of; their highest voltage shows it.
Converted chemistry(const ForeignFile& file, const ImportRow& row) {
  const Chemistry found = chemistry_of(file);
  if (found != Chemistry::lfp) return taken(std::string(name_of(found)));
  const bool like_lto = within(parse_number(said(file, row.keys[0])), lowest_lto_v, highest_lto_v);
  return like_lto ? ask("is a voltage of LTO, but MIN_CELL_VOLTAGE is not; write chemistry = LTO if the cells are")
                  : Converted{};
}

Converted profile(const ForeignFile& file, const ImportRow& row) {
  if (file.changed(row.keys[2])) {
    const auto by_bms = file.flag(row.keys[2]);
    if (!by_bms) return ask(std::string(no_flag));
    if (*by_bms) return taken("bms");
  }
  if (file.changed(row.keys[0])) {
    const std::string_view mode = said(file, row.keys[0]);
    if (mode == "1") return taken("serialbattery-linear");
    return mode == "2" ? taken("serialbattery-step") : ask("is neither 1 nor 2");
  }
  if (!file.changed(row.keys[1])) return {};
  const auto linear = file.flag(row.keys[1]);
  if (!linear) return ask(std::string(no_flag));
  return taken(*linear ? "serialbattery-linear" : "serialbattery-step");
}

/// That driver ends charging where its table of currents does, however much higher MAX_CELL_VOLTAGE is.
Converted absorption_cell_voltage(const ForeignFile& file, const ImportRow& row) {
  const auto highest_v = parse_number(said(file, row.keys[0]));
  if (!highest_v) return ask(std::string(no_number));
  if (*highest_v < lowest_of(file, row.option)) return not_below(*highest_v, lowest_of(file, row.option));
  if (const auto end_v = end_of_own_charge_table(file)) {
    if (*highest_v <= *end_v) return taken(number_text(*highest_v));
    Converted end = taken(number_text(*end_v));
    end.question = "is above " + number_text(*end_v) +
                   " V, where CELL_VOLTAGES_WHILE_CHARGING ends charging in that driver, too: taken over is " +
                   number_text(*end_v) + "; to go further, write absorption_cell_voltage and charge_cell_curve";
    return end;
  }
  Converted result = taken(number_text(*highest_v));
  const auto end_v = end_of_shipped_charge_table(file);
  const bool possible = *highest_v <= highest_of(file, row.option) && chemistry_of(file) == Chemistry::lfp;
  if (end_v && *highest_v > *end_v && possible) {
    result.question = "was not reached in that driver, whose table of charge currents, as shipped, ends at " +
                      number_text(*end_v) + " V; here it is: absorption_cell_voltage = " + number_text(*end_v) +
                      " goes no further than before";
  }
  return result;
}

/// The file says nothing of it: no balancing charge above the owner's own highest voltage, nor one that lifts the
/// owner's own table of currents. The key is empty as shipped.
Converted full_charge_days(const ForeignFile& file, const ImportRow& row) {
  const std::string_view days = said(file, row.keys[0]);
  if (!days.empty()) {
    const auto number = parse_number(days);
    return number ? taken(number_text(*number)) : ask(std::string(no_number));
  }
  const Settings preset = preset_settings(chemistry_of(file));
  const auto highest_v = file.changed(row.keys[1]) ? parse_number(said(file, row.keys[1])) : std::nullopt;
  const auto end_v = end_of_own_charge_table(file);
  if (!highest_v && !end_v) return {};
  const double charged_to_v =
      std::min(highest_v.value_or(preset.charge.absorption_cell_v), end_v.value_or(highest_end));
  return charged_to_v < preset.charge.balancing_cell_v ? taken("0") : Converted{};
}

/// That driver ends a balancing charge, too, where its table of currents does.
Converted within_the_table(const ForeignFile& file, Converted result, double usual_v) {
  const double wished_v = result.value ? parse_number(*result.value).value_or(usual_v) : usual_v;
  if (const auto end_v = end_of_own_charge_table(file); end_v && wished_v > *end_v)
    return taken_instead(*end_v, "goes with balancing charges to " + number_text(wished_v) + " V, above " +
                                     number_text(*end_v) +
                                     " V, where CELL_VOLTAGES_WHILE_CHARGING ends charging in that driver");
  const bool own = end_of_own_charge_table(file) || chemistry_of(file) != Chemistry::lfp;
  const auto shipped_v = own ? std::nullopt : end_of_shipped_charge_table(file);
  if (result.value && result.question.empty() && shipped_v && wished_v > *shipped_v)
    result.question = "was not reached in that driver, whose table of charge currents, as shipped, ends at " +
                      number_text(*shipped_v) + " V; here it is: balancing_cell_voltage = " + number_text(*shipped_v) +
                      " goes no further than before";
  return result;
}

Converted balancing_cell_voltage(const ForeignFile& file, const ImportRow& row) {
  const Settings preset = preset_settings(chemistry_of(file));
  const bool wanted = wants_full_charges(file, row.keys[1]);
  if (!file.changed(row.keys[0])) {
    if (!wanted) return {};
    return within_the_table(file, with_shipped_reset_voltage(file, row), preset.charge.balancing_cell_v);
  }
  const auto voltage_v = parse_number(said(file, row.keys[0]));
  if (!voltage_v) return ask(std::string(no_number));
  if (wanted) return within_the_table(file, taken(number_text(*voltage_v)), preset.charge.balancing_cell_v);
  if (*voltage_v <= preset.charge.balancing_cell_v) return taken(number_text(*voltage_v));
  return ask(
      "counts only with SOC_RESET_AFTER_DAYS, which is empty; here balancing charges come every 30 days unless "
      "full_charge_days says otherwise, and this would be balancing_cell_voltage = " +
      number_text(*voltage_v));
}

Converted float_cell_voltage(const ForeignFile& file, const ImportRow& row) {
  const auto voltage_v = parse_number(said(file, row.keys[0]));
  if (!voltage_v) return ask(std::string(no_number));
  return not_below(*voltage_v, lowest_of(file, row.option));
}

/// That driver only shows MIN_CELL_VOLTAGE; its table of currents ends discharging.
Converted min_cell_voltage(const ForeignFile& file, const ImportRow& row) {
  const auto lowest_v = parse_number(said(file, row.keys[0]));
  if (!lowest_v) return ask(std::string(no_number));
  if (const double most_v = highest_of(file, row.option); *lowest_v > most_v)
    return taken_instead(most_v, "is above the highest that is possible here, " + number_text(most_v) + " V");
  const auto end_v = end_of_shipped_discharge_table(file);
  if (!end_v || chemistry_of(file) != Chemistry::lfp) return taken(number_text(*lowest_v));
  // Currents end here as far below it as usual.
  const auto& usual = preset_settings(Chemistry::lfp).charge;
  const double same_end_v = std::round((*end_v + usual.min_cell_v - usual.cutoff_cell_v) * 1000) / 1000;
  if (*lowest_v >= same_end_v) return taken(number_text(*lowest_v));
  return taken_instead(
      same_end_v, "did not end discharging in that driver, whose table of discharge currents, as shipped, ends at " +
                      number_text(*end_v) + " V; here currents end a little below min_cell_voltage");
}

/// Older versions did not raise the charge voltage by it, but only counted as full what much below.
Converted cable_drop(const ForeignFile& file, const ImportRow& row) {
  constexpr int raises_the_voltage_since = 20230927;
  constexpr std::string_view older =
      "raises the charge voltage here; in that driver it did so from version 1.0.20230927 on only";
  if (file.precedes(raises_the_voltage_since)) return ask(std::string(older));
  Converted result = number(file, row);
  if (result.value && file.may_precede(raises_the_voltage_since))
    result.question = std::string(older) + ": leave cable_drop out if the file is older";
  return result;
}

Converted capacity(const ForeignFile& file, const ImportRow& row) {
  if (said(file, row.keys[0]).empty()) return {};
  if (file.ever_shipped(row.keys[0])) {
    return ask("is also what versions of that driver were shipped with; set capacity if the BMS does not know it");
  }
  return number(file, row);
}

Converted inverted(const ForeignFile& file, const ImportRow& row) {
  const auto factor = parse_number(said(file, row.keys[0]));
  if (factor == 1) return taken("no");
  return factor == -1 ? taken("yes") : ask("is neither 1 nor -1");
}

Converted role(const ForeignFile& file, const ImportRow& row) {
  const auto sensors = parse_numbers(said(file, row.keys[0]));
  const auto listed = [&](double number) { return std::ranges::find(*sensors, number) != sensors->end(); };
  if (!sensors || (!listed(0) && !listed(1) && !listed(2) && !listed(3) && !listed(4))) {
    return ask("is not a list of sensors from 1 to 4");
  }
  const double number = row.option[std::string_view("temperature_").size()] - '0';
  return listed(0) || listed(number) ? Converted{} : taken("other");
}

Converted sensor_offset(const ForeignFile& file, const ImportRow& row) { return of_sensor(file, row, 0, 0); }

Converted sensor_slope(const ForeignFile& file, const ImportRow& row) { return of_sensor(file, row, 1, 1); }

Converted soc_source(const ForeignFile& file, const ImportRow& row) {
  const auto own = foreign_flag(said(file, row.keys[0]));
  const std::string_view path = unquoted(said(file, row.keys[1]));
  if (!own && file.changed(row.keys[0])) return ask(std::string(no_flag));
  if (own.value_or(false) && !path.empty())
    return ask("contradict each other: the driver's own counting, or that service");
  if (own.value_or(false)) return taken("own");
  return path.empty() ? Converted{} : from_outside(file, path, "/Soc");
}

Converted current_source(const ForeignFile& file, const ImportRow& row) {
  const std::string_view path = unquoted(said(file, row.keys[0]));
  return path.empty() ? Converted{} : from_outside(file, path, "/Dc/0/Current");
}

/// Going on without a BMS must have been asked for: what the file was shipped with is not a wish, whatever its version.
Converted keep_for(const ForeignFile& file, const ImportRow& row) {
  const auto blocks = foreign_flag(said(file, row.keys[0]));
  if (!blocks) return ask(std::string(no_flag));
  if (*blocks) return taken("0");
  if (!file.changed(row.keys[1]) || file.ever_shipped(row.keys[1])) return {};
  const auto minutes = parse_number(said(file, row.keys[1]));
  if (!minutes) return ask(std::string(no_number));
  // There it is counted from the first failed poll, here from release_after on.
  return taken(number_text(std::max(0.0, *minutes * 60 - Settings{}.release_after_s)));
}

Converted absorption_spread(const ForeignFile& file, const ImportRow& row) {
  const auto even = difference(said(file, row.keys[0]));
  if (!even)
    return ask(
        "is switched off; here a battery is full by time, current and even cells, absorption_spread = 0.5 comes close");
  // Above this that driver starts anew, so cells that are this even count.
  const bool as_limit = file.has(row.keys[2]) && !file.has(row.keys[1]);
  const auto more = difference(said(file, row.keys[as_limit ? 2 : 1])).value_or(0);
  return taken(number_text(as_limit ? std::max(*even, more) : *even + more));
}

Converted rebulk_discharged(const ForeignFile& file, const ImportRow& row) {
  const std::string_view text = said(file, row.keys[0]);
  const auto soc_pct = text.empty() ? 0.0 : parse_number(text);
  return soc_pct ? taken(number_text((100 - std::max(0.0, *soc_pct)) / 100)) : ask(std::string(no_number));
}

Converted rebulk_spread(const ForeignFile& file, const ImportRow& row) {
  return taken(number_text(difference(said(file, row.keys[0])).value_or(1)));
}

}  // namespace bms::config
