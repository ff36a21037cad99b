// The facts as a page for people, and what of them is nobody else's business.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace bms::cli {

/// One page, in the order of the facts; made to be pasted into a forum.
[[nodiscard]] std::string status_page(const nlohmann::ordered_json& facts);

/// Takes serial numbers away: that of every battery wherever it stands, and those in identities such as "JBD:DEMO0001".
void leave_out_serial_numbers(nlohmann::ordered_json& facts);

}  // namespace bms::cli
