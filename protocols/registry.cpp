// The one list of BMS families.
#include "registry.hpp"

#include <algorithm>

#include "ant/ant.hpp"
#include "chargery/chargery.hpp"
#include "daly/daly.hpp"
#include "factory_values.hpp"
#include "jbd/jbd.hpp"
#include "rec/rec.hpp"
#include "rec/rec_factory.hpp"

namespace bms {
namespace {

constexpr Family all_families[] = {
    jbd::family, daly::family, ant::family, chargery::family, rec::family,
};

}  // namespace

std::span<const Family> families() { return all_families; }

const Family* find_family(std::string_view name) {
  const auto* const found = std::ranges::find(all_families, name, &Family::name);
  return found == std::end(all_families) ? nullptr : found;
}

std::string family_names() {
  std::string names;
  for (const Family& family : all_families) {
    if (!names.empty()) names += ", ";
    names += family.name;
  }
  return names;
}

FactoryValues factory_values(const Family& family) {
  if (family.name == rec::family.name) return {.board = rec::factory_board, .value = rec::factory_value};
  return {};
}

}  // namespace bms
