// The tables of docs/ant.md.
#pragma once

#include <vector>

#include "document.hpp"

namespace bms::ant {

[[nodiscard]] std::vector<DocumentTable> document();

}  // namespace bms::ant
