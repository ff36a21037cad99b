// The one list of simulated families.
#include "ant_family.hpp"
#include "chargery_family.hpp"
#include "daly_family.hpp"
#include "family.hpp"
#include "jbd_family.hpp"
#include "rec_family.hpp"

namespace bms::sim {

std::span<const BoardFamily> board_families() {
  static constexpr BoardFamily families[] = {
      jbd_family, daly_family, ant_family, chargery_family, rec_family,
  };
  return families;
}

}  // namespace bms::sim
