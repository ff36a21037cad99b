// What was found out about a bank and its packs, besides its values and limits.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bank/config.hpp"
#include "bms/short_text.hpp"
#include "charge/control.hpp"

namespace bms::bank {

/// How far a pack can be counted on.
enum class Standing : std::uint8_t {
  unseen,     ///< it has never been heard
  fresh,      ///< what it tells counts
  returning,  ///< heard again, but not for long enough
  silent,     ///< it was heard once
  excluded,   ///< by the owner
};

/// "not seen yet", "in use", "returning", "silent", "excluded".
[[nodiscard]] constexpr std::string_view name_of(Standing standing) {
  constexpr std::string_view names[] = {"not seen yet", "in use", "returning", "silent", "excluded"};
  return names[static_cast<unsigned>(standing)];
}

/// Why nothing is allowed although packs are heard.
enum class Refusal : std::uint8_t {
  none,
  other_packs,      ///< not as many as are configured
  same_pack_twice,  ///< two services are the same pack
  cells_unknown,    ///< of one of them
  other_cells,      ///< a pack has not the number of cells that it should have
  other_chemistry,  ///< packs are of different chemistries
  too_many_cells,   ///< for one string
};

/// The ErrorCode of Venus for a bank that is refused.
inline constexpr int refusal_error_code = 4;

/// A value of one pack.
struct MemberValue {
  std::size_t member = 0;  ///< as in the configuration, from 0
  int cell = 0;            ///< from 1; 0: it is not one of a cell
  double value = 0;
};

struct MemberFinding {
  Standing standing = Standing::unseen;
  bool charges = false, discharges = false;          ///< takes part in that direction
  double charge_limit_a = 0, discharge_limit_a = 0;  ///< as it counts
};

struct Findings {
  boost::container::static_vector<MemberFinding, most_members> members{};
  Refusal refusal = Refusal::none;
  ShortText refused_for{};

  // For /System on D-Bus.
  int online = 0, offline = 0, blocking_charge = 0, blocking_discharge = 0;

  std::optional<MemberValue> lowest_cell{}, highest_cell{}, coldest{}, hottest{};

  bool voltage_imbalance = false, current_imbalance = false, soc_imbalance = false;
  bool circulating = false;      ///< packs charge one another
  bool currents_differ = false;  ///< in series, where they must not
  bool shunt_differs = false;    ///< from the packs together

  std::optional<charge::Transition> transition{};
  bool became_full = false;
};

}  // namespace bms::bank
