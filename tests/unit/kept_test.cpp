// What outlives a restart, and that no absurd input gets into it.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <string_view>
#include <type_traits>
#include <variant>

#include "estimator_fixture.hpp"

namespace bms::battery {
namespace {

TEST(KeptFields, HoldEveryMember) {
  Kept kept;
  // One name for each member; another member does not compile here before it has one, and its row in the table.
  auto& [charge_ah, shown_soc_pct, uncertain, uncertain_ah, full, empty, since_empty_ah, learned_capacity_ah, drawn_ah,
         charged_kwh, discharged_kwh, depth_ah, deepest_ah, last_ah, completed_ah, completed, full_discharges,
         full_discharge_counted, min_voltage_v, max_voltage_v, min_cell_v, max_cell_v, min_temperature_c,
         max_temperature_c, low_alarms, high_alarms, low_stands, high_stands, syncs, since_full_s, error_1, error_2,
         error_3, error_4, time_1, time_2, time_3, time_4, shut_downs, raised_warnings, raised_alarms] = kept;
  auto distinct = [number = 1.0](auto&... members) mutable { ((members = number++), ...); };
  distinct(charge_ah, shown_soc_pct, uncertain_ah, since_empty_ah, learned_capacity_ah, drawn_ah, charged_kwh,
           discharged_kwh, depth_ah, deepest_ah, last_ah, completed_ah, completed, full_discharges, min_voltage_v,
           max_voltage_v, min_cell_v, max_cell_v, min_temperature_c, max_temperature_c, low_alarms, high_alarms, syncs,
           since_full_s, error_1, error_2, error_3, error_4, time_1, time_2, time_3, time_4, shut_downs,
           raised_warnings, raised_alarms);
  uncertain = full = empty = full_discharge_counted = low_stands = high_stands = true;

  Kept copy;
  std::set<std::string_view> names;
  for (const auto& field : kept_fields()) {
    std::visit([&](auto place) { copy.*place = kept.*place; }, field.place);
    names.insert(field.name);
    EXPECT_LT(field.min, field.max) << field.name;
  }
  EXPECT_EQ(copy, kept);
  EXPECT_EQ(names.size(), kept_fields().size()) << "names are distinct";
}

class AnyInput : public EstimatorTest {};

/// Frames of every kind: healthy, odd, absurd.
class AnyFrame {
 public:
  explicit AnyFrame(unsigned seed) : random_(seed) {}

  double number() {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr double numbers[] = {std::numeric_limits<double>::quiet_NaN(),
                                  infinity,
                                  -infinity,
                                  1e300,
                                  -1e300,
                                  1e-300,
                                  0,
                                  -1,
                                  1,
                                  3.3,
                                  50,
                                  100,
                                  280,
                                  1e6};
    return numbers[random_() % std::size(numbers)];
  }
  bool one_in(unsigned count) { return random_() % count == 0; }

  void spoil(Battery& battery) {
    Reading& reading = battery.reading;
    for (auto* value :
         {&reading.voltage_v, &reading.current_a, &reading.soc_pct, &reading.soh_pct, &reading.full_ah,
          &reading.design_capacity_ah, &reading.cycles, &reading.remaining_ah, &reading.total_discharged_ah,
          &reading.mos_temperature_c, &battery.derived.min_temperature_c, &battery.derived.max_temperature_c}) {
      if (one_in(6)) *value = one_in(4) ? std::nullopt : std::optional(number());
    }
    if (one_in(5)) reading.cells_v.resize(random_() % 20, 3.3);
    if (!reading.cells_v.empty() && one_in(5)) reading.cells_v[random_() % reading.cells_v.size()] = number();
    reading.charge_fet = !one_in(3);
  }

 private:
  std::mt19937 random_;
};

TEST_F(AnyInput, NothingBecomesNanWhateverComes) {
  AnyFrame any(11);
  config.soc.time_to_soc_points = {0, 50, 100};
  config.midpoint = true;
  for (int round = 0; round < 20000; ++round) {
    if (any.one_in(50)) battery.reading = test::healthy_reading();
    any.spoil(battery);
    config.soc.source = static_cast<SocSource>(round / 100 % 3);
    if (round % 100 == 0) configure();
    external = {.current_a = any.number(), .soc_pct = any.number(), .floor_soc_pct = any.number()};
    findings.became_full = any.one_in(100);
    findings.cut_off = any.one_in(100);
    findings.base_charge_a = any.number();
    findings.balancing_cell_v = any.number();
    findings.balancing = any.one_in(3);
    const double dt_s = any.one_in(4) ? any.number() : 1;
    estimator.before_charge(battery, external, dt_s);
    estimator.after_charge(battery, findings, dt_s);
    if (any.one_in(30)) estimator.set_soc(battery, any.number());

    const Estimate& estimate = battery.estimate;
    for (const auto value : {estimate.soc_pct, estimate.capacity_ah, estimate.remaining_ah, estimate.average_current_a,
                             estimate.time_to_go_s, estimate.mid_voltage_v, estimate.mid_deviation_pct}) {
      ASSERT_TRUE(!value || std::isfinite(*value)) << round;
    }
    ASSERT_TRUE(!estimate.soc_pct || (*estimate.soc_pct >= 0 && *estimate.soc_pct <= 100));
    for (const auto& field : kept_fields()) {
      const bool sound = std::visit(
          [&](auto place) {
            using Member = std::remove_cvref_t<decltype(estimator.kept().*place)>;
            if constexpr (std::is_same_v<Member, double>) {
              return sane(estimator.kept().*place, field.min, field.max).has_value();
            } else if constexpr (std::is_same_v<Member, std::optional<double>>) {
              const auto value = estimator.kept().*place;
              return !value || sane(value, field.min, field.max).has_value();
            } else {
              return true;
            }
          },
          field.place);
      ASSERT_TRUE(sound) << field.name << " in round " << round;
    }
  }
}

}  // namespace
}  // namespace bms::battery
