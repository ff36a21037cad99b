// Options of a bank: several packs as one battery.
#include <array>

#include "config/option_places.hpp"
#include "config/option_rows.hpp"

namespace bms::config {

namespace {

using bank::Section;

constexpr std::array<std::string_view, 2> wirings{"series", "parallel"};
constexpr std::array<std::string_view, 2> socs{"usable", "lowest"};
constexpr double most_a = 10'000;

constexpr Option rows[] = {
    {"mode", "", word<at<&Section::wiring>>(wirings), "how the packs are connected"},
    {"members", "", Text{.place = at<&Section::members>, .example = "JBD:AA12-0042, JBD:AA12-0043"},
     "the packs, with commas in between, by identity, port, Bluetooth address, or the end of the name of any other "
     "battery service; in series from the negative end on"},
    {"cells", "", OptionalNumber{1, max_cells, at<&Section::cells>, "auto", true},
     "of each pack; `auto`: those that it shows first. With another number nothing is allowed"},
    {"min_members", "", OptionalNumber{1, bank::most_members, at<&Section::min_members>, "auto", true},
     "in parallel: with fewer packs that are heard the bank counts as silent. `auto`: both of two, all but one of "
     "more"},
    {"shunt", "", Text{.place = at<&Section::shunt>, .example = "ttyUSB2"},
     "the end of the name of a battery monitor's service, whose current, and in parallel voltage, is the bank's; "
     "empty: "
     "the packs' own"},
    {"max_charge_current", "A", OptionalNumber{0, most_a, at<&Section::max_charge_a>},
     "of the bank as a whole; `off`: what the packs allow"},
    {"max_discharge_current", "A", OptionalNumber{0, most_a, at<&Section::max_discharge_a>}, "likewise"},
    {"soc", "", word<at<&Section::soc_of_lowest>>(socs),
     "in series: of what can be drawn from the string until its first pack is empty, or that of the lowest pack"},
};

}  // namespace

OptionGroup pack_options() {
  return {"Bank: [bank <name>]",
          "Several packs as one battery; see [bank.md](bank.md). Each bank has a section of its own. Voltages of cells "
          "are those of `[default]`.",
          rows};
}

}  // namespace bms::config
