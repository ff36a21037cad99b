// Whether the owner wants what is about to be done.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bms/error.hpp"
#include "bms/parameter.hpp"
#include "cli/console/conversation.hpp"

namespace bms::cli {

/// The risks that somebody takes without being asked.
struct Consent {
  std::vector<Risk> risks{};

  [[nodiscard]] bool covers(Risk risk) const;
};

/// What `--yes` means alone: what does no harm that another protection would not prevent.
inline constexpr std::string_view plain_yes = "none,limits";

/// What was said with `--yes`, or `--yes=safety,calibration`, which means the two of plain_yes as well. Errors:
/// ErrorKind::rejected: no such risk.
[[nodiscard]] Result<Consent> consent_to(const std::string& risks);

/// Asks for what `consent` does not cover: once for all that is harmless, and for the name of each parameter that is
/// not. Errors: ErrorKind::forbidden: it was not confirmed, or there is nobody to ask.
[[nodiscard]] Result<void> confirm(const ParameterList& parameters, const Consent& consent, const Conversation& with);

/// Asks one question that `consent` to what is harmless answers as well. Errors as above.
[[nodiscard]] Result<void> confirm(const std::string& question, const Consent& consent, const Conversation& with);

}  // namespace bms::cli
