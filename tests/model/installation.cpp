#include "installation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace bms::model {
namespace {

constexpr int system_cycle_s = 3;
constexpr int chargers_give_up_s = 60;  // after the battery is no longer a managed one
constexpr int feed_in_period_s = 600;
constexpr double most_export_a = 100;
constexpr double inverter_stops_a = 0.1;  // of DCL

struct ChargerLaw {
  double gain_a_per_v;  // and second, where it integrates
  bool integrates;
  double lag_s;
};

constexpr std::array<ChargerLaw, 3> charger_laws{{{8, false, 4}, {8, true, 4}, {40, true, 2}}};

}  // namespace

double Weather::wanted_load_a(int second) const {
  const Load& load = scenario_.load;
  if (load.until_s > 0 && !Span{load.from_s, load.until_s}.contains(second)) return 0;
  if (load.random) return random_load_a_;
  if (load.every_s > 0 && second % load.every_s >= load.on_s) return 0;
  return load.current_a;
}

Surroundings Weather::at(int second) {
  if (second >= changes_at_s_) {
    changes_at_s_ = second + 30 + random_.below(90);
    random_load_a_ = random_.uniform(0, scenario_.load.current_a);
    clearness_ = random_.uniform(0.1, 1);
  }
  const double sun_a = scenario_.sunshine.contains(second) ? scenario_.sun_a : 0;
  const bool toggled_on = second / feed_in_period_s % 2 == 1;
  return {.sun_a = scenario_.clouds ? sun_a * clearness_ : sun_a,
          .load_a = wanted_load_a(second),
          .feed_in = scenario_.feed_in == FeedIn::on || (scenario_.feed_in == FeedIn::toggling && toggled_on)};
}

void Installation::hand_on_limits(int second, const Published& published) {
  on_their_way_.push_back(published);
  if (std::cmp_greater(on_their_way_.size(), scenario_.limits_late_s + 1)) on_their_way_.pop_front();
  const Published& arrived = on_their_way_.front();
  if (second % system_cycle_s != 0 || !arrived.cvl_v) return;
  in_force_ = arrived;
  managed_until_s_ = second + chargers_give_up_s;
}

double Installation::drawn_a(const Load& load, double wanted_a) const {
  const double dcl_a = in_force_.dcl_a.value_or(0);
  if (dcl_a < inverter_stops_a) return 0;
  return load.obeys_dcl ? std::min(wanted_a, dcl_a) : wanted_a;
}

void Installation::regulate(double low_a, double high_a, double battery_v) {
  const ChargerLaw& law = charger_laws[static_cast<std::size_t>(scenario_.charger)];
  const double wrong_v = *in_force_.cvl_v + scenario_.charger_offset_v - battery_v;
  const double from_a = law.integrates ? set_point_a_ : charger_a_;
  set_point_a_ = std::clamp(from_a + law.gain_a_per_v * scenario_.charger_gain * wrong_v, low_a, high_a);
  charger_a_ += (set_point_a_ - charger_a_) / law.lag_s;
}

double Installation::advance(int second, const Published& published, const Surroundings& around, double battery_v,
                             bool charge_fet) {
  hand_on_limits(second, published);
  const double load_a = drawn_a(scenario_.load, around.load_a);
  if (!in_force_.cvl_v || second >= managed_until_s_) {
    set_point_a_ = charger_a_ = 0;
  } else if (around.feed_in) {
    regulate(load_a - most_export_a, std::max(around.sun_a, load_a - most_export_a), battery_v);
  } else {
    regulate(0, std::min(around.sun_a, in_force_.ccl_a.value_or(0) + load_a), battery_v);
  }
  // Behind an open FET the charger's voltage is its own, and it feeds nothing but the load.
  if (!charge_fet) set_point_a_ = charger_a_ = std::min(charger_a_, load_a);
  return charger_a_ - load_a;
}

}  // namespace bms::model
