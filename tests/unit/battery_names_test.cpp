// How a battery is meant, wherever somebody types a name of one.
#include "console/battery_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/answer.hpp"
#include "console/json.hpp"

namespace bms::console {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<BatteryNames> batteries = {
    {.place = "ttyUSB0", .battery = "jbd_1234", .serial = "1234", .name = "House"},
    {.place = "ttyUSB1_1", .battery = "daly_ttyUSB1_1", .serial = "", .name = ""},
    {.place = "ttyUSB11", .battery = "jbd_991234", .serial = "991234", .name = "Garden house"},
    {.place = "ble_a4c137000001", .battery = "ant_77", .serial = "77", .name = ""},
};

struct Name {
  const char* typed;
  std::vector<std::size_t> whole;      ///< who is called so
  std::vector<std::size_t> with_ends;  ///< who is meant where the end of a name is enough
};

class NamesOfBatteries : public testing::TestWithParam<Name> {};

TEST_P(NamesOfBatteries, AreTheSameInEveryCommand) {
  const auto& [typed, whole, with_ends] = GetParam();
  EXPECT_EQ(batteries_meant(batteries, typed, Ends::do_not_count), whole) << typed;
  EXPECT_EQ(batteries_meant(batteries, typed, Ends::count), with_ends) << typed;
}

INSTANTIATE_TEST_SUITE_P(AllForms, NamesOfBatteries,
                         testing::Values(Name{"ttyUSB0", {0}, {0}}, Name{"/dev/ttyUSB0", {0}, {0}},
                                         Name{"com.victronenergy.battery.ttyUSB0", {0}, {0}}, Name{"TTYusb0", {0}, {0}},
                                         Name{"JBD:1234", {0}, {0}}, Name{"jbd_1234", {0}, {0}}, Name{"1234", {0}, {0}},
                                         Name{"house", {0}, {0}}, Name{"Garden-House", {2}, {2}},
                                         Name{"ttyUSB1_1", {1}, {1}}, Name{"ttyUSB11", {2}, {2}},
                                         Name{"ttyUSB1", {}, {}}, Name{"A4:C1:37:00:00:01", {3}, {3}},
                                         Name{"a4:c1:37:00:00:01", {3}, {3}}, Name{"A4:C1:37:00:00:02", {}, {}},
                                         Name{"234", {}, {0, 2}}, Name{"91234", {}, {2}}, Name{"B0", {}, {0}},
                                         Name{"nosuch", {}, {}}, Name{"", {0, 1, 2, 3}, {0, 1, 2, 3}},
                                         Name{"/dev/", {}, {}}, Name{"com.victronenergy.battery.", {}, {}}));

TEST(ListOfBatteries, LettersOfOtherLanguagesAreToldApart) {
  const std::vector<BatteryNames> named = {{.place = "ttyUSB0", .battery = {}, .serial = {}, .name = "Батарея А"},
                                           {.place = "ttyUSB1", .battery = {}, .serial = {}, .name = "Küche"}};
  EXPECT_EQ(batteries_meant(named, "Батарея А", Ends::do_not_count), std::vector<std::size_t>{0});
  EXPECT_THAT(batteries_meant(named, "Батарея Б", Ends::count), IsEmpty());
  EXPECT_EQ(batteries_meant(named, "KüCHE", Ends::do_not_count), std::vector<std::size_t>{1});
  EXPECT_THAT(batteries_meant(named, "Köche", Ends::do_not_count), IsEmpty());
}

TEST(ListOfBatteries, AreListedWithTheirPlaceFirst) {
  EXPECT_EQ(listed(std::vector(batteries.begin(), batteries.begin() + 2)),
            "ttyUSB0 (jbd_1234, \"House\"), ttyUSB1_1 (daly_ttyUSB1_1)");
  EXPECT_EQ(in_words({.place = "", .battery = "jbd_1", .serial = "1", .name = ""}), "jbd_1");
  EXPECT_EQ(in_words({.place = "ttyUSB0", .battery = "", .serial = "", .name = ""}), "ttyUSB0");
}

TEST(ListOfBatteries, APathIsThatOfADevice) {
  EXPECT_EQ(plain_name("/dev/serial/by-id/usb-FTDI_1"), "usb-FTDI_1");
  EXPECT_EQ(plain_name("House / Garden"), "House / Garden") << "a name may have a slash";
}

TEST(ListOfBatteries, PassTheSocket) {
  Answer answer;
  answer.refused = Error{ErrorKind::rejected, "which one?", {}};
  answer.batteries = batteries;
  const auto read = answer_from(to_json(answer));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->batteries, batteries);
  EXPECT_THAT(answer_from(to_json(Answer{}))->batteries, IsEmpty()) << "earlier drivers name none";
}

}  // namespace
}  // namespace bms::console
