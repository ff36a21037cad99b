#include "line/talker.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>

namespace bms::line {

namespace {

/// Looks for the form at the beginning of the bytes.
using Form = bool (*)(Bytes);

std::string_view text_of(Bytes bytes) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes looked at as characters
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_printable(char c) { return c >= 0x20 && c < 0x7F; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// "$GPGGA,...*47": the two digits are the exclusive or of what is between (NMEA 0183; AIS begins with '!').
bool nmea_sentence(Bytes bytes) {
  const std::string_view text = text_of(bytes);
  constexpr std::size_t longest = 102;
  if (text[0] != '$' && text[0] != '!') return false;
  const std::size_t star = text.substr(0, longest).find('*');
  if (star == std::string_view::npos || star < 6 || star + 2 >= text.size()) return false;
  const std::string_view body = text.substr(1, star - 1);
  if (!std::ranges::all_of(body, is_printable)) return false;
  const int sum = std::accumulate(body.begin(), body.end(), 0, [](int all, char c) { return all ^ c; });
  return hex_digit(text[star + 1]) == sum / 16 && hex_digit(text[star + 2]) == sum % 16;
}

/// One line of a VE.Direct text block: CR LF, a label, a tab, a value, CR LF (Victron, VE.Direct Protocol).
bool vedirect_field(Bytes bytes) {
  constexpr std::string_view line_end = "\r\n";
  constexpr std::size_t longest_label = 9;
  constexpr std::size_t longest_value = 33;
  const std::string_view text = text_of(bytes);
  if (!text.starts_with(line_end)) return false;
  const std::size_t tab = text.find('\t');
  if (tab == std::string_view::npos || tab < 3 || tab > 2 + longest_label) return false;
  const std::string_view label = text.substr(2, tab - 2);
  if (!std::ranges::all_of(label, [](unsigned char c) { return std::isalnum(c) != 0 || c == '#'; })) return false;
  const std::size_t end = text.find(line_end, tab);
  if (end == std::string_view::npos || end == tab + 1 || end > tab + longest_value) return false;
  return std::ranges::all_of(text.substr(tab + 1, end - tab - 1), is_printable);
}

/// ":A0102000543" and a newline: hexadecimal digits whose sum is 0x55 (Victron, VE.Direct HEX Protocol).
bool vedirect_hex(Bytes bytes) {
  constexpr std::size_t longest = 64;
  const std::string_view text = text_of(bytes);
  const std::size_t end = text.substr(0, longest).find('\n');
  if (text[0] != ':' || end == std::string_view::npos || end < 4 || end % 2 != 0) return false;
  if (std::ranges::any_of(text.substr(1, end - 1), [](char c) { return hex_digit(c) < 0; })) return false;
  int sum = hex_digit(text[1]);
  for (std::size_t i = 2; i < end; i += 2) sum += hex_digit(text[i]) * 16 + hex_digit(text[i + 1]);
  return sum % 256 == 0x55;
}

bool modbus_crc_fits(Bytes frame) {
  boost::crc_optimal<16, 0x8005, 0xFFFF, 0, true, true> crc;
  crc.process_bytes(frame.data(), frame.size() - 2);
  return crc.checksum() == (frame[frame.size() - 1] << 8U | frame[frame.size() - 2]);
}

/// A question of a Modbus RTU master: station, function, register, count or value, CRC (Modbus over serial line V1.02).
bool modbus_question(Bytes bytes) {
  constexpr std::size_t size = 8;
  constexpr std::uint8_t last_station = 247;
  if (bytes.size() < size || bytes[0] == 0 || bytes[0] > last_station) return false;
  const std::uint8_t function = bytes[1];
  return function >= 1 && function <= 6 && modbus_crc_fits(bytes.first(size));
}

/// The start of a transmission in the Smart Message Language of electricity meters (BSI TR-03109-1).
bool sml_start(Bytes bytes) {
  constexpr std::uint8_t start[] = {0x1B, 0x1B, 0x1B, 0x1B, 0x01, 0x01, 0x01, 0x01};
  return bytes.size() >= std::size(start) && std::ranges::equal(bytes.first(std::size(start)), start);
}

/// "/ISk5..." and CR LF: the identification of a meter (IEC 62056-21; DSMR P1 begins alike).
bool meter_identification(Bytes bytes) {
  constexpr std::size_t longest = 40;
  const std::string_view text = text_of(bytes);
  const std::size_t end = text.substr(0, longest).find("\r\n");
  if (text[0] != '/' || end == std::string_view::npos || end < 6) return false;
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  return std::ranges::all_of(text.substr(1, 3), is_letter) && std::isdigit(static_cast<unsigned char>(text[4])) != 0 &&
         std::ranges::all_of(text.substr(1, end - 1), is_printable);
}

/// A message of a u-blox receiver: B5 62, class, id, size, payload, Fletcher sum.
bool ubx_message(Bytes bytes) {
  constexpr std::size_t overhead = 8;
  if (bytes.size() < overhead || bytes[0] != 0xB5 || bytes[1] != 0x62) return false;
  const std::size_t size = overhead + bytes[4] + 256U * bytes[5];
  if (bytes.size() < size) return false;
  std::uint8_t a = 0;
  std::uint8_t b = 0;
  for (const std::uint8_t byte : bytes.subspan(2, size - 4)) {
    a = static_cast<std::uint8_t>(a + byte);
    b = static_cast<std::uint8_t>(b + a);
  }
  return bytes[size - 2] == a && bytes[size - 1] == b;
}

/// What an MK2 or MK3 interface says every second: size, FF, 'V', version, sum 0 (Victron, Interfacing with VE.Bus).
bool vebus_version(Bytes bytes) {
  if (bytes.size() < 9 || bytes[0] < 7 || bytes[0] > 8 || bytes[1] != 0xFF || bytes[2] != 'V') return false;
  const std::size_t size = bytes[0] + 2U;
  return bytes.size() >= size &&
         std::accumulate(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size), 0U) % 256 == 0;
}

/// "~22014A42E00201FD28" and CR: a question or answer in the ASCII protocol of telecom batteries; the last four digits
/// are minus the sum of the characters before (YD/T 1363).
bool telecom_frame(Bytes bytes) {
  constexpr std::size_t longest = 400;
  const std::string_view text = text_of(bytes);
  const std::size_t end = text.substr(0, longest).find('\r');
  if (text[0] != '~' || end == std::string_view::npos || end < 17) return false;
  const std::string_view digits = text.substr(1, end - 1);
  if (std::ranges::any_of(digits, [](char c) { return hex_digit(c) < 0; })) return false;
  const auto covered = digits.substr(0, digits.size() - 4);
  const unsigned sum = std::accumulate(covered.begin(), covered.end(), 0U);
  unsigned told = 0;
  for (const char c : digits.substr(digits.size() - 4)) told = told * 16 + static_cast<unsigned>(hex_digit(c));
  return ((sum + told) & 0xFFFFU) == 0;
}

/// A BMS of the JK family that streams its records.
bool jk_record(Bytes bytes) {
  constexpr std::uint8_t start[] = {0x55, 0xAA, 0xEB, 0x90};
  return bytes.size() >= std::size(start) && std::ranges::equal(bytes.first(std::size(start)), start);
}

struct Talker {
  std::string_view name;
  Form form;
  int times;  ///< how often the form must be seen
};

constexpr Talker talkers[] = {
    {"an NMEA 0183 device", nmea_sentence, 1},
    {"a Victron device with VE.Direct", vedirect_field, 2},
    {"a Victron device with VE.Direct", vedirect_hex, 1},
    {"a Victron MK2 or MK3 interface", vebus_version, 1},
    {"a Modbus master", modbus_question, 1},
    {"a u-blox GPS receiver", ubx_message, 1},
    {"an electricity meter (SML)", sml_start, 1},
    {"an electricity meter (IEC 62056-21)", meter_identification, 1},
    {"traffic of telecom batteries (ASCII frames)", telecom_frame, 1},
    {"a JK BMS", jk_record, 2},
};

}  // namespace

std::optional<std::string_view> recognise_talker(Bytes heard) {
  for (const Talker& talker : talkers) {
    int seen = 0;
    for (std::size_t at = 0; at < heard.size(); ++at) {
      if (talker.form(heard.subspan(at)) && ++seen >= talker.times) return talker.name;
    }
  }
  return std::nullopt;
}

}  // namespace bms::line
