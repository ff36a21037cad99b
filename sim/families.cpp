// The one list of simulated families.
#include "daly_family.hpp"
#include "family.hpp"
#include "jbd_family.hpp"

namespace bms::sim {

std::span<const BoardFamily> board_families() {
  static constexpr BoardFamily families[] = {
      jbd_family,
      daly_family,
  };
  return families;
}

}  // namespace bms::sim
