// What boards hold when they are new, as far as a source says so.
#pragma once

#include <optional>
#include <string_view>

#include "family.hpp"

namespace bms {

/// What a family's makers put into a parameter.
struct FactoryValues {
  std::string_view
      board;  ///< whose values they are: "a new 1Q, Victron firmware 2.5"; empty: of this family nobody says
  std::optional<double> (*value)(std::string_view parameter) = nullptr;
};

[[nodiscard]] FactoryValues factory_values(const Family& family);

}  // namespace bms
