// Tables with a row for each value of an enumeration, in its order.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>

namespace bms {

/// Whether the table has a row for each value up to `last`, in this order. `value`: where a row names its value.
template <class Rows, class Value, class Enum>
[[nodiscard]] consteval bool is_in_order_up_to(Enum last, const Rows& rows, Value value) {
  std::size_t number = 0;
  for (const auto& row : rows) {
    if (static_cast<std::size_t>(std::invoke(value, row)) != number++) return false;
  }
  return number == static_cast<std::size_t>(last) + 1;
}

}  // namespace bms
