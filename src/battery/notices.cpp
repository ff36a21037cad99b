#include "battery/notices.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "battery/facts.hpp"
#include "bms/capacity.hpp"
#include "bms/enum_table.hpp"

namespace bms::battery {

namespace {

constexpr Delays lasting{.on_s = 10, .off_s = 10, .on_frames = 3};
constexpr Delays resting{.on_s = 600, .off_s = 10, .on_frames = 3};
constexpr double longest_frame_s = 15;  // a gap does not count as time that something lasted
constexpr double differ_ratio = 2;
constexpr double half_full_pct = 60, nearly_full_pct = 85;
constexpr double rest_c = 0.05;

/// What cells of a chemistry can show.
struct CellsOf {
  Chemistry chemistry;
  double endures_v;     ///< no cell is above this for long
  double most_rest_v;   ///< nor at rest above this, before it is nearly full
  double least_rest_v;  ///< nor below this while it is more than half full
};
constexpr CellsOf cells_of[] = {
    {Chemistry::lfp, 3.70, 3.50, 2.90},
    {Chemistry::li_ion, 4.35, 4.20, 3.45},
    {Chemistry::lto, 2.95, 2.65, 1.90},
};

static_assert(is_in_order_up_to(Chemistry::lto, cells_of, &CellsOf::chemistry));

const CellsOf& row_of(Chemistry chemistry) { return cells_of[static_cast<std::size_t>(chemistry)]; }

bool at_rest(const Facts& facts) {
  return facts.current_a && std::abs(*facts.current_a) <= rest_c * facts.capacity_ah.value_or(careful_capacity_ah);
}

/// The mean cell, if no cells of that chemistry can be like that.
std::optional<double> unlike(Chemistry chemistry, const Facts& facts) {
  if (!facts.cells) return std::nullopt;
  const CellsOf& row = row_of(chemistry);
  const double mean_v = facts.cells->mean_v;
  const bool too_high =
      mean_v > row.endures_v || (facts.soc_pct <= nearly_full_pct && facts.soc_pct && mean_v > row.most_rest_v);
  const bool too_low = facts.soc_pct && *facts.soc_pct >= half_full_pct && mean_v < row.least_rest_v;
  return at_rest(facts) && (too_high || too_low) ? std::optional(mean_v) : std::nullopt;
}

template <class Say>
void note(auto& subject, bool holds, const Delays& delays, double dt_s, bool fault, Notices& notices, Say say) {
  const bool before = subject.lasts.on();
  const bool now = subject.lasts.follow(holds, !holds, delays, dt_s);
  if (now && !before) subject.text = say();
  if (now && notices.size() < Notices::capacity()) notices.push_back({subject.text, fault});
}

/// What does not fit the BMS's own capacity is the fault of that.
ShortText odd_text(const Reading& raw, Quantity quantity) {
  ShortText text("the BMS says ");
  text.append(in_words(raw, quantity));
  switch (quantity) {
    case Quantity::remaining: {
      const double capacity_ah = std::max(raw.design_capacity_ah.value_or(0), raw.full_ah.value_or(0));
      return text.append(" of ").append(capacity_ah, 0).append(" Ah: its nominal capacity does not fit; set capacity");
    }
    case Quantity::nominal_capacity:
    case Quantity::full_capacity: return text.append("; set it there, or set capacity");
    case Quantity::soc: return text.append(", which cannot be; it is counted here instead");
    default: return text.append(", which cannot be; it is left out");
  }
}

bool is_capacity(Quantity quantity) {
  return quantity == Quantity::remaining || quantity == Quantity::nominal_capacity ||
         quantity == Quantity::full_capacity;
}

}  // namespace

bool endures_less(const Config& config, const Reading& reading) {
  if (config.chemistry_configured || !reading.chemistry) return false;
  const double told_v = row_of(*reading.chemistry).endures_v;
  const bool possible = std::ranges::all_of(reading.cells_v, [&](double cell_v) { return cell_v <= told_v; });
  return possible && told_v < row_of(config.chemistry).endures_v;
}

void NoticeWatch::follow(const Config& config, const Reading& raw, Quantities left_out, Battery& battery, double dt_s) {
  const double counted_s = std::isfinite(dt_s) ? std::clamp(dt_s, 0.0, longest_frame_s) : 0;
  Notices notices;
  capacity(config, raw, battery, notices, counted_s);
  chemistry(config, battery, notices, counted_s);
  odd_values(config, raw, left_out, notices, counted_s);
  battery.notices = notices;
}

void NoticeWatch::capacity(const Config& config, const Reading& raw, const Battery& battery, Notices& notices,
                           double dt_s) {
  const bool unknown = !battery.estimate.sure_capacity_ah;
  if (no_capacity_.lasts.follow(unknown, !unknown, lasting, dt_s)) {
    for (const std::string_view option : config.needs_capacity) {
      notices.push_back(
          {ShortText(option).append(" needs the capacity, which the BMS does not tell; set capacity"), true});
    }
    if (config.needs_capacity.empty()) notices.push_back({"the BMS does not tell its capacity; set capacity"});
  }
  const double full_ah = raw.full_ah.value_or(0);
  const double nominal_ah = raw.design_capacity_ah.value_or(0);
  const bool differ = !config.calibration.capacity_ah && full_ah > 0 && nominal_ah > 0 &&
                      std::max(full_ah, nominal_ah) > differ_ratio * std::min(full_ah, nominal_ah);
  note(capacities_differ_, differ, lasting, dt_s, false, notices, [&] {
    return ShortText("the BMS says ")
        .append(full_ah, 1)
        .append(" Ah when full, and a nominal capacity of ")
        .append(nominal_ah, 1)
        .append(" Ah; set capacity");
  });
}

void NoticeWatch::chemistry(const Config& config, const Battery& battery, Notices& notices, double dt_s) {
  const auto told = battery.reading.chemistry;
  const bool fault = !config.chemistry_configured;
  note(told_chemistry_, told && told != config.chemistry, lasting, dt_s, fault, notices, [&] {
    return ShortText("the BMS is set to ")
        .append(name_of(*told))
        .append(" cells, limits are made for ")
        .append(name_of(config.chemistry))
        .append(fault ? "; set chemistry" : ", as configured");
  });
  const Facts facts = facts_of(battery, battery.estimate.sure_capacity_ah);
  const auto mean_v = unlike(config.chemistry, facts);
  note(other_chemistry_, mean_v.has_value() && !told_chemistry_.lasts.on(), resting, dt_s, fault, notices, [&] {
    ShortText text = ShortText("cells at ").append(*mean_v, 2).append(" V");
    if (facts.soc_pct) text.append(" with ").append(*facts.soc_pct, 0).append(" %");
    return text.append(" do not look like ").append(name_of(config.chemistry)).append("; see chemistry");
  });
}

void NoticeWatch::odd_values(const Config& config, const Reading& raw, Quantities left_out, Notices& notices,
                             double dt_s) {
  for (std::size_t i = 0; i < quantity_count; ++i) {
    const auto quantity = static_cast<Quantity>(i);
    const bool answered = is_capacity(quantity) && config.calibration.capacity_ah;
    const bool fault = quantity == Quantity::soc && config.soc.source == SocSource::bms;
    note(odd_[i], left_out.test(i) && !answered, lasting, dt_s, fault, notices,
         [&] { return odd_text(raw, quantity); });
  }
}

}  // namespace bms::battery
