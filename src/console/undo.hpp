// What was there before something was set, kept so that it can be restored.
#pragma once

#include <string>

#include "bms/error.hpp"
#include "bms/parameter.hpp"
#include "console/answer.hpp"

namespace bms::console {

/// Keeps the values that were there before as a backup file in `directory`, lasting. At most twenty of a battery are
/// kept; the oldest goes. Returns its path. Errors: ErrorKind::rejected, with the reason.
[[nodiscard]] Result<std::string> keep_undo(const std::string& directory, const Answer& answer,
                                            std::span<const Parameter* const> parameters);

}  // namespace bms::console
