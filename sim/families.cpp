// The one list of simulated families.
#include "ant_family.hpp"
#include "family.hpp"
#include "jbd_family.hpp"

namespace bms::sim {

std::span<const BoardFamily> board_families() {
  static constexpr BoardFamily families[] = {
      jbd_family,
      ant_family,
  };
  return families;
}

}  // namespace bms::sim
