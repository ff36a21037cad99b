// The tables of docs/jbd.md.
#pragma once

#include <vector>

#include "document.hpp"

namespace bms::jbd {

[[nodiscard]] std::vector<DocumentTable> document();

}  // namespace bms::jbd
