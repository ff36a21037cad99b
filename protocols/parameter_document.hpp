// The parameters of a family as tables of its page.
#pragma once

#include <vector>

#include "family.hpp"

namespace bms {

/// One table for each dialect that has parameters of its own; dialects that share theirs share the table of the first.
/// It is called "parameters", with the name of the dialect where that has one.
[[nodiscard]] std::vector<DocumentTable> parameter_tables(const Family& family);

}  // namespace bms
