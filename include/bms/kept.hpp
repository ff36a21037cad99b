// What outlives a restart: structs whose members are named in a table, so that writing, reading and checking them is
// one walk over the table.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

namespace bms {

/// One member of a struct that is kept. A number outside `min`..`max` in a file was not written by us.
template <class T>
struct KeptField {
  std::string_view name;
  std::variant<double T::*, std::optional<double> T::*, bool T::*> place;
  double min = 0;
  double max = 1e9;
};

}  // namespace bms
