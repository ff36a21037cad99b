// Options of Bluetooth as a whole.
#include "config/option_places.hpp"
#include "config/option_rows.hpp"

namespace bms::config {

namespace {

constexpr Option bluetooth_rows[] = {
    {"adapter", "",
     Text{.place = at<&bluetooth::Config::adapter>,
          .example = "00:1A:7D:DA:71:13",
          .fits = bluetooth::is_address,
          .form = bluetooth_address_form,
          .kept = kept_address},
     "by its address, since its number (hci0) may change; empty: the one that there is, or the first that is on"},
};

}  // namespace

OptionGroup radio_options() {
  return {"Bluetooth: [bluetooth]",
          "Boards without a cable; see [bluetooth.md](bluetooth.md). Each has a section by its address, [battery "
          "A4:C1:37:00:00:23], in capitals or not, with : or - or nothing in between. These options stand in a section "
          "of their own.",
          bluetooth_rows};
}

}  // namespace bms::config
