// The tables of docs/chargery.md.
#pragma once

#include <vector>

#include "document.hpp"

namespace bms::chargery {

[[nodiscard]] std::vector<DocumentTable> document();

}  // namespace bms::chargery
