// The tables of docs/rec.md.
#pragma once

#include <vector>

#include "document.hpp"

namespace bms::rec {

[[nodiscard]] std::vector<DocumentTable> document();

}  // namespace bms::rec
