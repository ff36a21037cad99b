// The tables of docs/daly.md.
#pragma once

#include <vector>

#include "document.hpp"

namespace bms::daly {

[[nodiscard]] std::vector<DocumentTable> document();

}  // namespace bms::daly
