// Section [bluetooth] of config.ini, and boards that are named by their Bluetooth address.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "bluetooth/address.hpp"
#include "config/config.hpp"

namespace bms::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* address = "A4:C1:37:00:00:23";

Config read(const std::string& text) {
  std::istringstream in(text);
  return Config::read(in);
}

TEST(BluetoothAddress, HasOneFormHoweverItIsWritten) {
  for (const char* spelled : {"A4:C1:37:00:00:23", "a4:c1:37:00:00:23", "A4-C1-37-00-00-23", "a4_c1_37_00_00_23",
                              "a4c137000023", "A4C137000023"}) {
    EXPECT_EQ(bluetooth::canonical_address(spelled), address) << spelled;
    EXPECT_FALSE(bluetooth::resembles_address(spelled)) << spelled;
  }
}

TEST(BluetoothAddress, IsNothingElse) {
  for (const char* other : {"", "A4:C1:37:00:00", "A4:C1:37:00:00:2", "A4:C1:37:00:00:23:01", "A4:C1-37:00-00:23",
                            "A4:C1:37:00:00:2G", "A4 C1 37 00 00 23", "A4C13700002", "A4:C137:00:00:23",
                            "JBD:1234567890", "ttyUSB0", "ttyUSB0_2", "ant0000000000"}) {
    EXPECT_EQ(bluetooth::canonical_address(other), std::nullopt) << other;
  }
}

TEST(BluetoothAddress, ThatSomebodyMissedIsToldFromIdentitiesAndPorts) {
  for (const char* slip : {"A4:C1:37:00:00", "A4:C1:37:00:00:2", "A4:C1:37:00:00:23:01", "A4:C1:37:OO:00:23",
                           "A4-C1-37-00-00-233", "A4:C1:37::00:23"}) {
    EXPECT_TRUE(bluetooth::resembles_address(slip)) << slip;
  }
  for (const char* other : {"", ":", "::::::", "JBD:1234567890", "JBD:1-2-3-4-5", "REC:1:2:3:4:5", "ttyUSB0",
                            "ttyUSB0_2", "a-b", "2024-05-17", "12300DE00001"}) {
    EXPECT_EQ(bluetooth::resembles_address(other), std::string_view(other) == "::::::") << other;
  }
}

TEST(BluetoothBoards, AreTheSectionsThatAreNamedByAnAddress) {
  const Config config = read(
      "[bluetooth]\nadapter = 00-1a-7d-da-71-13\n"
      "[battery ttyUSB0]\nbms = rec\n"
      "[battery a4c137000023]\nbms = JBD\npassword = 123456\nadapter = 00:1A:7D:DA:71:14\n"
      "[battery A5-C2-37-00-00-25]\n"
      "[battery JBD:1234567890]\nname = other\n");
  EXPECT_THAT(config.faults(), IsEmpty());
  const auto boards = config.bluetooth_boards();
  ASSERT_THAT(boards, SizeIs(2));
  EXPECT_EQ(boards[0].address, address);
  EXPECT_EQ(boards[0].family, "jbd");
  EXPECT_EQ(boards[0].password, "123456");
  EXPECT_EQ(boards[0].adapter, "00:1A:7D:DA:71:14");
  EXPECT_EQ(boards[1].address, "A5:C2:37:00:00:25");
  EXPECT_EQ(boards[1].family, "");
  EXPECT_EQ(boards[1].password, "");
  EXPECT_EQ(boards[1].adapter, "00:1A:7D:DA:71:13") << "of [bluetooth]";
}

TEST(BluetoothBoards, AreNoneWhereNobodyNamesOne) {
  EXPECT_THAT(Config().bluetooth_boards(), IsEmpty());
  EXPECT_THAT(read("[default]\npassword = 123456\n").bluetooth_boards(), IsEmpty());
}

TEST(BluetoothBoards, HaveTheSettingsOfTheirSectionHoweverTheAddressIsWritten) {
  const Config config = read("[default]\npoll_interval = 3\n[battery a4-c1-37-00-00-23]\nmax_charge_current = 20\n");
  for (const std::string_view name : {"A4:C1:37:00:00:23", "a4c137000023"}) {
    EXPECT_EQ(config.settings_for({name}).charge.max_charge_current, charge::Amperes{20}) << name;
    EXPECT_EQ(config.settings_for({name}).poll_interval_s, 3) << name;
  }
}

TEST(FaultyBluetoothConfig, AMissedAddressIsNamedWithItsLine) {
  const Config config = read("[battery A4:C1:37:00:00]\nname = x\n[battery A4:C1:37:00:00:2G]\n");
  ASSERT_THAT(config.faults(), SizeIs(2));
  EXPECT_EQ(config.faults()[0].line, 1);
  EXPECT_EQ(config.faults()[1].line, 3);
  EXPECT_THAT(config.faults()[0].message, HasSubstr("expected a Bluetooth address of six pairs"));
  EXPECT_THAT(config.bluetooth_boards(), IsEmpty());
}

TEST(FaultyBluetoothConfig, ABoardThatStandsThereTwiceIsOneBoard) {
  for (const char* again : {"A4:C1:37:00:00:23", "a4-c1-37-00-00-23", "a4c137000023"}) {
    const Config config =
        read("[battery A4:C1:37:00:00:23]\nname = x\n[battery " + std::string(again) + "]\npoll_interval = 2\n");
    ASSERT_THAT(config.faults(), SizeIs(1)) << again;
    EXPECT_EQ(config.faults()[0].line, 3);
    EXPECT_THAT(config.faults()[0].message, HasSubstr("is the board of line 1 again"));
    EXPECT_THAT(config.bluetooth_boards(), SizeIs(1));
    EXPECT_EQ(config.settings_for({address}).poll_interval_s, 2);
  }
  EXPECT_THAT(read("[battery ttyUSB0]\nname = x\n[battery ttyUSB0]\npoll_interval = 2\n").faults(), IsEmpty())
      << "as ever for other names";
}

TEST(FaultyBluetoothConfig, AFamilyWithoutBluetoothIsNamedAndTheBoardsIsFoundOut) {
  for (const std::string family : {"chargery", "rec"}) {
    const Config own = read("[battery A4:C1:37:00:00:23]\nname = x\nbms = " + family + "\n");
    ASSERT_THAT(own.faults(), SizeIs(1)) << family;
    EXPECT_EQ(own.faults()[0].line, 3);
    EXPECT_THAT(own.faults()[0].message, HasSubstr("bms = " + family + ": no board of"));
    EXPECT_EQ(own.bluetooth_boards()[0].family, "");
    EXPECT_EQ(own.settings_for({address}).bms, "");
    const Config inherited = read("[default]\nbms = " + family + "\n[battery A4:C1:37:00:00:23]\n");
    ASSERT_THAT(inherited.faults(), SizeIs(1)) << family;
    EXPECT_EQ(inherited.faults()[0].line, 2);
    EXPECT_EQ(inherited.bluetooth_boards()[0].family, "");
    EXPECT_EQ(inherited.settings_for({"ttyUSB0"}).bms, family) << "on a wire it is what the file says";
  }
  const Config unknown = read("[battery A4:C1:37:00:00:23]\nbms = jk\n");
  ASSERT_THAT(unknown.faults(), SizeIs(1));
  EXPECT_EQ(unknown.faults()[0].line, 2);
  EXPECT_EQ(unknown.bluetooth_boards()[0].family, "");
}

TEST(FaultyBluetoothConfig, AnAdapterIsAnAddress) {
  const Config config = read("[bluetooth]\nadapter = hci0\n");
  ASSERT_THAT(config.faults(), SizeIs(1));
  EXPECT_THAT(config.faults()[0].message, HasSubstr("six pairs of hexadecimal digits"));
  EXPECT_EQ(config.section<bluetooth::Config>().adapter, "");
}

TEST(BluetoothPassword, IsShownNowhere) {
  const std::string secret = "s3cret";
  for (const std::string& lines : {"password = " + secret, "password = " + secret + "\npassword = other1",
                                   "password = other1\npassword = " + secret, "password = " + secret + secret}) {
    const Config config = read("[battery A4:C1:37:00:00:23]\n" + lines + "\n");
    for (const Fault& fault : config.faults()) EXPECT_THAT(fault.text(), Not(HasSubstr(secret))) << lines;
    for (const Explanation& option : config.explain({address})) EXPECT_THAT(option.value, Not(HasSubstr(secret)));
  }
}

TEST(BluetoothPassword, IsSaidToBeThere) {
  const auto value_of = [](const std::string& text) {
    for (const Explanation& option : read(text).explain({address}))
      if (option.name == "password") return option.value;
    return std::string("no such option");
  };
  EXPECT_EQ(value_of(""), "");
  EXPECT_EQ(value_of("[battery A4:C1:37:00:00:23]\npassword = 123456\n"), "(not shown)");
}

TEST(BluetoothPassword, HasSixCharacters) {
  for (const char* good : {"000000", "abc!@#", "\"a;#bc1\""})
    EXPECT_THAT(read(std::string("[default]\npassword = ") + good + "\n").faults(), IsEmpty()) << good;
  for (const char* bad : {"12345", "1234567", "12 456", "12345ä"})
    EXPECT_THAT(read(std::string("[default]\npassword = ") + bad + "\n").faults(), SizeIs(1)) << bad;
}

}  // namespace
}  // namespace bms::config
