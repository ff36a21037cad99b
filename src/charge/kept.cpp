#include <array>

#include "charge/state.hpp"

namespace bms::charge {

namespace {

constexpr double century_s = 100.0 * 365 * 86400;
constexpr double most_kept_s = 86400;

constexpr std::array fields{
    KeptField<Kept>{"charge_state", &Kept::state, 0, 5},
    KeptField<Kept>{"charge_factor", &Kept::charge_factor, 0, 1},
    KeptField<Kept>{"discharge_factor", &Kept::discharge_factor, 0, 1},
    KeptField<Kept>{"charge_closed", &Kept::charge_closed},
    KeptField<Kept>{"discharge_closed", &Kept::discharge_closed},
    KeptField<Kept>{"cut_off", &Kept::cut_off},
    KeptField<Kept>{"opened_by_rest", &Kept::opened_by_rest},
    KeptField<Kept>{"reached_s", &Kept::reached_s, 0, most_kept_s},
    KeptField<Kept>{"held_s", &Kept::held_s, 0, most_kept_s},
    KeptField<Kept>{"tail_s", &Kept::tail_s, 0, most_kept_s},
    KeptField<Kept>{"top_s", &Kept::top_s, 0, most_kept_s},
    KeptField<Kept>{"balanced_s", &Kept::balanced_s, 0, most_kept_s},
    KeptField<Kept>{"absorption_s", &Kept::absorption_s, 0, century_s},
    KeptField<Kept>{"fallen_s", &Kept::fallen_s, 0, most_kept_s},
    KeptField<Kept>{"full_s", &Kept::full_s, 0, century_s},
    KeptField<Kept>{"rest_low_s", &Kept::rest_low_s, 0, most_kept_s},
    KeptField<Kept>{"uneven_s", &Kept::uneven_s, 0, most_kept_s},
    KeptField<Kept>{"short_s", &Kept::short_s, 0, most_kept_s},
    KeptField<Kept>{"since_balanced_s", &Kept::since_balanced_s, 0, century_s},
    KeptField<Kept>{"since_uneven_s", &Kept::since_uneven_s, 0, century_s},
    KeptField<Kept>{"discharged_ah", &Kept::discharged_ah, 0, 1e6},
    KeptField<Kept>{"full", &Kept::full},
    KeptField<Kept>{"balancing_requested", &Kept::balancing_requested},
    KeptField<Kept>{"request_seen", &Kept::request_seen},
    KeptField<Kept>{"balancing_rise_v", &Kept::balancing_rise_v, 0, 100},
};

}  // namespace

std::span<const KeptField<Kept>> kept_fields() { return fields; }

}  // namespace bms::charge
