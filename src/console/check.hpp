// Whether parameters may be set to these values: everything that can be said before the first byte. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bms/parameter.hpp"
#include "console/answer.hpp"
#include "console/request.hpp"

namespace bms::console {

/// What is known of the values of a board, by name.
using Values = std::vector<std::pair<std::string_view, double>>;

/// Looks at each setting by itself: the name is in the table, once; the parameter is written by us; the value is
/// finite, within its range (as many times as wide as Parameter::coarser for boards that count in larger steps) and
/// whole where it must be; nothing with Risk::never. The outcomes are those of the settings, in their order, with
/// errors of ErrorKind::rejected.
[[nodiscard]] std::vector<Outcome> check_settings(std::span<const Parameter* const> parameters,
                                                  std::span<const Setting> settings);

/// Why what needs that much is not permitted on this board; empty: it is.
[[nodiscard]] std::optional<Error> why_forbidden(const BoardFacts& board, Writes needed);

/// The parameters that have a relation to one of those that are to be set, and are not set themselves: they must be
/// read before relations can be looked at.
[[nodiscard]] std::vector<std::string_view> related(std::span<const Relation> relations,
                                                    std::span<const Parameter* const> parameters,
                                                    std::span<const Setting> settings);

/// What would contradict itself once these settings are in force on a board that holds `values` now: "cell_overvoltage
/// (3.5 V) must be greater than cell_overvoltage_release (3.55 V)". What contradicted itself before and is not touched
/// is not named.
[[nodiscard]] std::vector<std::string> contradictions(std::span<const Relation> relations, const Values& values,
                                                      std::span<const Setting> settings);

}  // namespace bms::console
