// The one list of simulated families.
#include "family.hpp"
#include "jbd_family.hpp"
#include "rec_family.hpp"

namespace bms::sim {

std::span<const BoardFamily> board_families() {
  static constexpr BoardFamily families[] = {
      jbd_family,
      rec_family,
  };
  return families;
}

}  // namespace bms::sim
