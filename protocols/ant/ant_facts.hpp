// The facts in single ANT answers, by name, as the explanation of a recording lists them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ant/ant_new_frame.hpp"
#include "ant/ant_old_frame.hpp"
#include "bms/error.hpp"

namespace bms::ant {

/// What a reply of the new protocol says; a refused command as {"error": "status", ...}. Errors: implausible, length.
[[nodiscard]] Result<nlohmann::ordered_json> facts_of(const NewReply& reply);

/// What an answer of the old protocol to `request` says; a refusal as {"error": "status", ...}. Errors: implausible,
/// length.
[[nodiscard]] Result<nlohmann::ordered_json> facts_of(const OldReply& reply, const OldRequest& request);

/// The outcome of a login by the old protocol.
[[nodiscard]] nlohmann::ordered_json login_facts(bool accepted, const OldReply& last);

}  // namespace bms::ant
