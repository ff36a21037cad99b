// What each byte of a frame is for, and what questions ask: every family's own frames, sound and damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bms/hex.hpp"
#include "registry.hpp"

namespace bms {
namespace {

using testing::HasSubstr;

/// Role and size of each part: "start 1, command 2, ...".
std::string in_words(const std::vector<FramePart>& parts) {
  std::string text;
  for (const FramePart& part : parts)
    text += (text.empty() ? "" : ", ") + std::string(name_of(part.role)) + " " + std::to_string(part.size);
  return text;
}

struct Case {
  const char* family;
  Sender sender;
  const char* bytes;
  const char* parts;
  const char* asks;  ///< of a question
};

// Recorded frames of the projects that the tables name, and questions as this driver asks them.
constexpr Case cases[] = {
    {"jbd", Sender::host, "DDA50300FFFD77", "start 1, command 2, length 1, checksum 2, end 1",
     "read register 0x03 (basic information)"},
    {"jbd", Sender::host, "DD5A00025678FF3077", "start 1, command 2, length 1, payload 2, checksum 2, end 1",
     "enter factory mode"},
    {"jbd", Sender::host, "DD5A01020000FFFD77", "start 1, command 2, length 1, payload 2, checksum 2, end 1",
     "leave factory mode"},
    {"jbd", Sender::host, "DD5A01022828FFAD77", "start 1, command 2, length 1, payload 2, checksum 2, end 1",
     "leave factory mode and save"},
    {"jbd", Sender::host, "DDA52400FFDC77", "start 1, command 2, length 1, checksum 2, end 1",
     "read register 0x24 (cell_overvoltage)"},
    {"jbd", Sender::board, "DD248100FF7F77", "start 1, command 2, length 1, checksum 2, end 1", ""},
    {"jbd", Sender::board, "DD000000000077DD248100FF7F77",
     "start 1, command 2, length 1, checksum 2, end 1, start 1, command 2, length 1, checksum 2, end 1", ""},
    {"rec", Sender::host, "5501000543454C4C3F5D24AA", "start 1, address 2, length 1, payload 5, checksum 2, end 1",
     "read CELL?"},
    {"daly", Sender::host, "A540900800000000000000007D",
     "start 1, address 1, command 1, length 1, payload 8, checksum 1", "read voltage, current and state of charge"},
    {"daly", Sender::host, "D2030000003ED7B9", "address 1, command 1, place 2, payload 2, checksum 2",
     "read 62 registers from 0x0000"},
    {"ant", Sender::host, "7EA1010000BE1855AA55", "start 2, command 1, place 2, length 1, checksum 2, end 2",
     "read status"},
    {"ant", Sender::host, "7EA1234A01083132333435363738DB50AA55",
     "start 2, command 1, place 2, length 1, payload 8, checksum 2, end 2", "log in"},
    {"ant", Sender::board, "7EA1436A010205001E5CAA55",
     "start 2, command 1, place 2, length 1, payload 2, checksum 2, end 2", ""},
    {"ant", Sender::host, "5A5A00000101", "start 2, place 1, payload 2, checksum 1", "read status"},
    {"ant", Sender::board, "A5A5F50001F6", "start 2, place 1, payload 2, checksum 1", ""},
};

TEST(Anatomy, NamesTheParts) {
  for (const Case& one : cases) {
    const Anatomy& anatomy = find_family(one.family)->anatomy;
    const auto bytes = from_hex(one.bytes).value();
    const auto parts = parts_of(bytes, one.sender, anatomy.forms());
    EXPECT_EQ(in_words(parts), one.parts) << one.bytes;
    EXPECT_TRUE(ends_with_frame(parts)) << one.bytes;
    EXPECT_EQ(one.sender == Sender::host ? anatomy.in_words(bytes) : "", one.asks) << one.bytes;
  }
}

TEST(Anatomy, CoversEveryByteOnceWhateverComes) {
  for (const Family& family : families()) {
    for (const Case& one : cases) {
      auto bytes = from_hex(one.bytes).value();
      for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        const Bytes stream = Bytes(bytes).subspan(cut);
        for (const Sender sender : {Sender::host, Sender::board}) {
          std::size_t at = 0;
          for (const FramePart& part : parts_of(stream, sender, family.anatomy.forms())) {
            EXPECT_EQ(part.offset, at);
            EXPECT_GT(part.size, 0U);
            at += part.size;
          }
          EXPECT_EQ(at, stream.size()) << family.name << " " << one.bytes << " from " << cut;
        }
      }
    }
  }
}

TEST(Anatomy, SaysWhatAWrongChecksumShouldHaveBeen) {
  const auto bytes = from_hex("DD248100FF7E77").value();
  const auto parts = parts_of(bytes, Sender::board, find_family("jbd")->anatomy.forms());
  ASSERT_EQ(in_words(parts), "start 1, command 2, length 1, checksum 2, end 1");
  EXPECT_EQ(parts[3].received, 0xFF7E);
  EXPECT_EQ(parts[3].computed, 0xFF7F);
  EXPECT_FALSE(ends_with_frame(parts));
}

TEST(Anatomy, FindsFramesInNoiseAndEchoes) {
  const auto forms = find_family("jbd")->anatomy.forms();
  const auto noisy = from_hex("0011DD248100FF7F77").value();
  EXPECT_EQ(in_words(parts_of(noisy, Sender::board, forms)),
            "no frame 2, start 1, command 2, length 1, checksum 2, end 1");
  const auto echoed = from_hex("DDA50300FFFD77DD248100FF7F77").value();
  EXPECT_TRUE(ends_with_frame(parts_of(echoed, Sender::board, forms)));
  const auto cut = from_hex("DD24").value();
  EXPECT_EQ(in_words(parts_of(cut, Sender::board, forms)), "no frame 2");
}

TEST(Anatomy, EveryFamilyHasOne) {
  for (const Family& family : families()) {
    ASSERT_NE(family.anatomy.forms, nullptr) << family.name;
    ASSERT_NE(family.anatomy.in_words, nullptr) << family.name;
    for (const FrameForm& form : family.anatomy.forms()) {
      EXPECT_THAT(std::string(form.layout), HasSubstr("*")) << family.name;
      EXPECT_THAT(std::string(form.layout), HasSubstr("C")) << family.name;
      EXPECT_GT(form.layout.find('*'), 0U) << family.name;
      EXPECT_LE(form.summed_from, form.layout.find('*')) << family.name;
    }
  }
}

}  // namespace
}  // namespace bms
