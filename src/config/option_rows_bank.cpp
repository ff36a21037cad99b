// Options of a bank: several batteries as one.
#include <array>

#include "config/option_places.hpp"
#include "config/option_rows.hpp"

namespace bms::config {

namespace {

using Options = BankOptions;

constexpr std::array<std::string_view, 2> modes{"parallel", "series"};

constexpr Option bank_rows[] = {
    {"mode", "", word<at<&Options::mode>>(modes), "how the packs are connected"},
    {"members", "", Text{.place = at<&Options::members>, .example = "JBD:DEMO0001, JBD:DEMO0002"},
     "the packs, in series from the negative end on: as in a section [battery ...], by identity, port or Bluetooth "
     "address; those of another driver by the name of their service on D-Bus, the end of that name, or their serial "
     "number"},
    {"cells", "", OptionalNumber{1, 64, at<&Options::cells>, "auto", true},
     "of each pack in series; auto: as it shows them first"},
    {"min_members", "", OptionalNumber{1, 16, at<&Options::min_members>, "auto", true},
     "in parallel: with fewer packs that are heard nothing is allowed; auto: both of two, all but one of more"},
    {"shunt", "", Text{.place = at<&Options::shunt>, .example = "ttyS5"},
     "a battery service, or the end of its name, whose current is that of the bank; empty: that of the packs together"},
    {"capacity", "Ah", OptionalNumber{1, 10'000, at<&Options::capacity_ah>, "auto"},
     "of each pack; auto: as it says itself"},
    {"pack_max_charge_current", "A", OptionalNumber{0, 10'000, at<&Options::pack_max_charge_a>, "auto"},
     "of each pack; auto: its own limit. A pack of another driver that names none is not charged without it"},
    {"pack_max_discharge_current", "A", OptionalNumber{0, 10'000, at<&Options::pack_max_discharge_a>, "auto"},
     "likewise for discharging"},
    {"max_charge_current", "A", OptionalNumber{0, 10'000, at<&Options::max_charge_a>, "auto"},
     "of the bank; auto: what [default] says, in parallel for each pack"},
    {"max_discharge_current", "A", OptionalNumber{0, 10'000, at<&Options::max_discharge_a>, "auto"},
     "likewise for discharging"},
    {"soc_of_lowest", "", Flag{at<&Options::soc_of_lowest>},
     "in series: the SoC is that of the emptiest pack; no: of what the string can give until its first pack is empty"},
};

}  // namespace

OptionGroup packs_of_bank_options() {
  return {"A bank: [bank <name>]",
          "Several batteries as one; see [bank.md](bank.md). Voltages of cells are those of [default]. These options "
          "stand in a section of their own, one for each bank.",
          bank_rows};
}

}  // namespace bms::config
