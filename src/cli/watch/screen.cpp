#include "cli/watch/screen.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "cli/watch/alarms.hpp"
#include "cli/watch/cells.hpp"
#include "cli/watch/format.hpp"
#include "cli/watch/layout.hpp"
#include "cli/watch/packs.hpp"
#include "cli/watch/settings.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {
namespace {

/// Everything that the sections need to draw themselves.
struct View {
  const WatchModel& model;
  std::size_t columns;
  bool utf8;
  const CellTrends* trends;

  [[nodiscard]] std::optional<std::string> text(std::string_view path) const {
    auto value = model.text(path);
    if (value) *value = clean(*value, utf8);
    return value;
  }
};

using Lines = std::vector<Line>;

void append(Lines& lines, Lines more) {
  for (Line& line : more) lines.push_back(std::move(line));
}

Line field(std::string_view label) { return Line{}.add(" ").add(label, Style::faint).pad_to(label_width); }

std::string name_of(const View& view, const std::string& service) {
  const auto custom = view.text("/CustomName");
  const auto product = view.text("/ProductName");
  if (custom && product) return *custom + " (" + *product + ")";
  if (custom) return *custom;
  return product.value_or(service);
}

Line state_of(const View& view) {
  if (view.model.integer("/Connected") == 0) return Line{}.add("not connected", Style::bad);
  const auto state = view.model.integer("/State");
  return Line{}.add(state_text(state), state == 10 ? Style::bad : Style::plain);
}

Lines title(const View& view, const std::string& service) {
  const Line state = state_of(view);
  const std::size_t room = view.columns > state.width() + 3 ? view.columns - state.width() - 3 : 1;
  Line first;
  first.add(" ").add(cut(name_of(view, service), room), Style::strong);
  first.pad_to(view.columns - std::min(view.columns, state.width() + 1)).add(state);

  const auto instance = view.model.integer("/DeviceInstance");
  const auto instance_text = instance ? std::to_string(*instance) : std::string(unknown_text);
  Lines pieces{Line{}.add(service, Style::faint),
               Line{}.add(view.text("/Mgmt/Connection").value_or(std::string(unknown_text)), Style::faint),
               Line{}.add("instance " + instance_text, Style::faint)};
  if (const auto serial = view.text("/Serial")) pieces.push_back(Line{}.add("serial " + *serial, Style::faint));
  Lines lines{std::move(first)};
  append(lines, flow(Line{}.pad_to(1), pieces, view.columns, 2));
  return lines;
}

Lines banner(std::string_view text) {
  Line line;
  line.add(" ").add(" ", Style::banner).add(text, Style::banner).add(" ", Style::banner);
  return {Line{}, std::move(line)};
}

/// What is shown above all else: the values below are not, or soon no longer, those of the battery.
Lines contact_banner(const View& view) {
  const auto cable = view.model.number("/Alarms/BmsCable").value_or(0);
  const auto released_min = view.model.number("/Settings/Bluetooth/Release").value_or(0);
  if (released_min > 0) return banner("LEFT TO A PHONE for up to " + quantity(released_min, 0, "min"));
  if (cable == 0) return {};
  return banner(cable == 1 ? "WARNING: no answer from the BMS" : "BMS LOST: no answer from it");
}

Style soc_style(double soc_pct) {
  if (soc_pct < 10) return Style::bad;
  return soc_pct < 20 ? Style::warning : Style::good;
}

std::string amp_hours(const View& view) {
  const auto remaining = view.model.number("/Capacity");
  const auto installed = view.model.number("/InstalledCapacity");
  if (!remaining && !installed) {
    const auto consumed = view.model.number("/ConsumedAmphours");
    return consumed ? quantity(consumed, 1, "Ah") + " consumed" : std::string(unknown_text);
  }
  return quantity(remaining, 1, "") + " of " + quantity(installed, 1, "Ah");
}

Lines soc_line(const View& view) {
  constexpr std::size_t percent_width = 9;
  const auto soc = view.model.number("/Soc");
  Line line = field("SoC");
  const std::size_t taken = label_width + percent_width;
  const std::size_t bar_columns = view.columns > taken + 2 ? std::min<std::size_t>(view.columns - taken - 2, 60) : 0;
  const std::string percent = quantity(soc, 1, "%");
  line.add(bar(soc.value_or(0) / 100, bar_columns, soc_style(soc.value_or(0)), view.utf8)).add(" ");
  line.add(percent.size() < percent_width - 1 ? std::string(percent_width - 1 - percent.size(), ' ') : "");
  return {line.add(percent, Style::strong)};
}

std::string current_word(std::optional<double> current) {
  if (!current) return "";
  if (std::abs(*current) < 0.005) return "  idle";
  return *current > 0 ? "  charging" : "  discharging";
}

int current_decimals(std::optional<double> current) { return std::abs(current.value_or(0)) < 10 ? 2 : 1; }

/// Puts fields side by side in columns of equal width, as many as fit.
Lines table(const Lines& fields, std::size_t columns) {
  constexpr std::size_t field_width = 38;
  const std::size_t across = std::max<std::size_t>(1, columns / field_width);
  Lines lines;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i % across == 0) lines.emplace_back();
    lines.back().pad_to((i % across) * (columns / across)).add(fields[i]);
  }
  return lines;
}

Lines measurements(const View& view) {
  const WatchModel& model = view.model;
  const auto current = model.number("/Dc/0/Current");
  const auto degree = view.utf8 ? "°C" : "C";
  const auto value = [](std::string_view label, const std::string& text) { return field(label).add(text); };
  Lines fields{
      value("Voltage", quantity(model.number("/Dc/0/Voltage"), 2, "V")),
      value("Current", signed_quantity(current, current_decimals(current), "A") + current_word(current)),
      value("Power", signed_quantity(model.number("/Dc/0/Power"), 0, "W")),
      value("Temperature", quantity(model.number("/Dc/0/Temperature"), 1, degree)),
      value("Capacity", amp_hours(view)),
      value("Time to go", span_text(model.number("/TimeToGo"))),
  };
  if (model.has("/CurrentAvg")) {
    const auto average = model.number("/CurrentAvg");
    fields.push_back(value("Average", signed_quantity(average, current_decimals(average), "A")));
  }
  return table(fields, view.columns);
}

Line permission(const View& view, std::string_view path) {
  const auto allowed = view.model.number(path);
  if (!allowed) return Line{}.add(unknown_text);
  return *allowed != 0 ? Line{}.add("allowed", Style::good) : Line{}.add("FORBIDDEN", Style::bad);
}

Line reason(const View& view, std::string_view path) { return Line{}.add(view.text(path).value_or("")); }

/// "CCL" and its value. No current at all is worth a colour.
Line limit(const View& view, std::string_view label, std::string_view path, int decimals, std::string_view unit) {
  constexpr std::size_t widest = 12;
  const auto value = view.model.number(path);
  Line line;
  line.add(label, Style::faint).add(" ").add(quantity(value, decimals, unit), value == 0.0 ? Style::bad : Style::plain);
  return line.pad_to(widest);
}

Lines limits(const View& view) {
  constexpr std::size_t permission_width = 9;
  constexpr std::size_t gap = 2;
  const auto permitted = [&](std::string_view path) { return permission(view, path).pad_to(permission_width); };
  const Lines charge{permitted("/Io/AllowToCharge"), limit(view, "CCL", "/Info/MaxChargeCurrent", 1, "A"),
                     limit(view, "CVL", "/Info/MaxChargeVoltage", 2, "V"), reason(view, "/Info/ChargeLimitation")};
  const Lines discharge{permitted("/Io/AllowToDischarge"), limit(view, "DCL", "/Info/MaxDischargeCurrent", 1, "A"),
                        reason(view, "/Info/DischargeLimitation")};
  Lines lines;
  if (const auto mode = view.text("/Info/ChargeMode")) lines.push_back(field("Charge mode").add(*mode));
  append(lines, flow(field("Charge"), charge, view.columns, gap));
  append(lines, flow(field("Discharge"), discharge, view.columns, gap));
  return lines;
}

Lines alarms(const View& view) { return flow(field("Alarms"), alarm_pieces(view.model, view.utf8), view.columns, 3); }

/// A text on as many lines as it needs.
Lines wrapped(std::string_view text, Style style, std::size_t columns) {
  Lines words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.push_back(Line{}.add(text.substr(begin, end - begin), style));
    begin = end + 1;
  }
  return flow(field(""), words, columns, 1);
}

/// How well a line holds that comes and goes by itself.
Lines link(const View& view) {
  const auto state = view.text("/Info/Link/State");
  const auto losses = view.model.integer("/Info/Link/LossesPerDay");
  if (!state && !losses) return {};
  const bool connected = !state || state == "connected";
  Lines pieces{Line{}.add(connected ? "connected" : "not connected", connected ? Style::plain : Style::bad)};
  if (losses) pieces.push_back(Line{}.add(std::to_string(*losses) + (losses == 1 ? " loss" : " losses") + " in a day"));
  if (const auto gap = view.model.number("/Info/Link/LongestGap"))
    pieces.push_back(Line{}.add("longest gap " + span_text(gap)));
  Lines lines = flow(field("Bluetooth"), pieces, view.columns, 3);
  if (!connected) append(lines, wrapped(*state, Style::plain, view.columns));
  if (const auto trouble = view.text("/Info/Link/Trouble"))
    append(lines, wrapped(*trouble, Style::warning, view.columns));
  return lines;
}

Lines settings(const View& view) {
  const Lines changed = changed_settings(view.model);
  return changed.empty() ? Lines{} : flow(field("Settings"), changed, view.columns, 3);
}

Lines whole_view(const View& view, const std::string& service) {
  Lines lines = title(view, service);
  append(lines, contact_banner(view));
  lines.emplace_back();
  append(lines, soc_line(view));
  append(lines, measurements(view));
  append(lines, pack_section(view.model, view.columns, view.utf8));
  lines.emplace_back();
  append(lines, limits(view));
  append(lines, alarms(view));
  append(lines, link(view));
  append(lines, settings(view));
  lines.emplace_back();
  append(lines, cell_section(view.model, view.trends, view.columns, view.utf8));
  return lines;
}

Lines gone_view(const std::string& service) {
  Line first;
  first.add(" ").add(service, Style::strong);
  Lines lines{std::move(first)};
  append(lines, banner("gone, waiting for it to come back"));
  return lines;
}

}  // namespace

std::vector<std::string> watch_screen(const WatchModel& model, const std::string& service, Presence presence,
                                      const ScreenOptions& options) {
  const View view{model, std::max(options.columns, narrowest), options.utf8, options.trends};
  const std::string shown_name = clean(service, options.utf8);
  std::vector<std::string> printed;
  for (const Line& line : presence == Presence::gone ? gone_view(shown_name) : whole_view(view, shown_name))
    printed.push_back(line.print(options.columns, options.colours));
  return printed;
}

}  // namespace bms::cli
