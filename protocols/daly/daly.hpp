// Daly Smart BMS: the classic boards with 0xA5 frames, and the newer ones with registers.
#pragma once

#include <memory>
#include <vector>

#include "daly/daly_anatomy.hpp"
#include "daly/daly_explain.hpp"
#include "daly/daly_on_air.hpp"
#include "daly/daly_relations.hpp"
#include "document.hpp"
#include "family.hpp"

namespace bms::daly {

/// Makes the protocol of the variant's dialect; an unknown or empty one is the first. Address 0 is board 1.
[[nodiscard]] std::unique_ptr<Protocol> make(const BoardOptions& options = {});

[[nodiscard]] ParameterList parameters_of(const Variant& variant);

namespace dialects {
inline constexpr std::string_view a5 = "a5";                      ///< classic boards, asked as by a PC
inline constexpr std::string_view a5_bluetooth = "a5-bluetooth";  ///< the same, asked as by the Bluetooth module
inline constexpr std::string_view p81 = "p81";                    ///< newer boards on a wire
inline constexpr std::string_view d2 = "d2";                      ///< newer boards, asked as by the phone app
}  // namespace dialects

inline constexpr Variant variants[] = {{.dialect = dialects::a5, .baud = 9600, .address = 1},
                                       {.dialect = dialects::a5_bluetooth, .baud = 9600, .address = 0},
                                       {.dialect = dialects::p81, .baud = 9600, .address = 1},
                                       {.dialect = dialects::d2, .baud = 9600, .address = 0}};

/// Boards with a module are newer ones as a rule.
inline constexpr std::string_view dialects_on_air[] = {dialects::d2, dialects::a5_bluetooth, dialects::p81};

/// The tables of docs/daly.md.
[[nodiscard]] std::vector<DocumentTable> document();

inline constexpr Advice advice[] = {
    {Advice::Before::state_of_charge, "",
     "Where the board keeps a clock, the same order sets it to the time that is known here."}};

inline constexpr Family family{
    .name = "daly",
    .title = "Daly",
    .variants = variants,
    .talks = false,
    .first_address = 1,
    .last_address = 16,
    .make = make,
    .explain = explain,
    .document = document,
    .parameters = parameters_of,
    .relations = relations,
    .thresholds = {"cell_high_l2", "cell_low_l2"},
    .model_is_hardware = true,
    .advice = advice,
    .anatomy = anatomy,
    .on_air = {.layouts = gatt_layouts, .names = names_on_air, .marks = marks_on_air, .dialects = dialects_on_air}};

}  // namespace bms::daly
