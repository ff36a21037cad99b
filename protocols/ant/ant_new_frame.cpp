// Frames of the new protocol: building requests, judging candidates for a reply.
#include "ant/ant_new_frame.hpp"

#include <algorithm>

#include "ant/ant_bytes.hpp"
#include "ant/ant_status.hpp"
#include "bms/hex.hpp"
#include "modbus_crc.hpp"

namespace bms::ant {
namespace {

constexpr std::uint8_t start[] = {0x7E, 0xA1};
constexpr std::uint8_t end[] = {0xAA, 0x55};
constexpr std::uint8_t record_start = 0xFF;

/// How long the data of a reply can be.
struct LengthRule {
  NewFunction request;
  std::uint8_t min, max;
  bool trailer;  ///< a record may follow the CRC
  bool carries;  ///< the request has data of its own, so that its echo is longer
};

constexpr LengthRule length_rules[] = {
    {NewFunction::status, 108, 255, false, false},
    {NewFunction::read_settings, 2, 255, true, false},
    {NewFunction::identity, identity_size, identity_size, false, false},
    {NewFunction::system_information, 1, 255, false, false},
    {NewFunction::write_setting, 2, 4, true, true},
    {NewFunction::password, 2, 2, false, true},
    {NewFunction::control, 2, 2, false, false},
};

const LengthRule* rule_for_reply(std::uint8_t function) {
  const auto* const rule =
      std::ranges::find_if(length_rules, [function](const LengthRule& r) { return reply_to(r.request) == function; });
  return rule == std::end(length_rules) ? nullptr : rule;
}

const LengthRule* rule_for_request(std::uint8_t function) {
  const auto* const rule = std::ranges::find_if(
      length_rules, [function](const LengthRule& r) { return static_cast<std::uint8_t>(r.request) == function; });
  return rule == std::end(length_rules) ? nullptr : rule;
}

NewRequest build(NewFunction function, std::uint16_t address, std::size_t length, Bytes data) {
  NewRequest bytes{start[0],
                   start[1],
                   static_cast<std::uint8_t>(function),
                   static_cast<std::uint8_t>(address & 0xFFU),
                   static_cast<std::uint8_t>(address >> 8U),
                   static_cast<std::uint8_t>(length)};
  bytes.insert(bytes.end(), data.begin(), data.end());
  const std::uint16_t crc = crc_of(Bytes(bytes).subspan(1));
  bytes.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
  bytes.push_back(static_cast<std::uint8_t>(crc >> 8U));
  bytes.insert(bytes.end(), std::begin(end), std::end(end));
  return bytes;
}

using What = Finding<NewReply>::What;

Finding<NewReply> incomplete(ErrorKind reason, std::size_t missing) {
  return {.what = What::incomplete, .reason = reason, .missing = missing, .reply = {}};
}

Finding<NewReply> reject(ErrorKind reason) { return {.what = What::rejected, .reason = reason, .reply = {}}; }

/// Whether the CRC after `length` bytes of data is theirs.
bool crc_right(Bytes frame, std::size_t length) {
  return u16_le(frame, new_header_size + length) == crc_of(frame.subspan(1, new_header_size - 1 + length));
}

bool ends_at(Bytes frame, std::size_t offset) { return std::ranges::equal(frame.subspan(offset, 2), end); }

/// One of our own requests, which a half-duplex adapter or another reader's cable sends back.
Finding<NewReply> examine_request(Bytes bytes, const LengthRule& rule) {
  using enum ErrorKind;
  if (bytes.size() < new_header_size) return incomplete(unexpected_command, new_frame_overhead - bytes.size());
  const std::size_t data = rule.carries ? bytes[5] : 0;
  if (data > 12) return reject(unexpected_command);
  const std::size_t size = data + new_frame_overhead;
  if (bytes.size() < size) return incomplete(unexpected_command, size - bytes.size());
  if (!crc_right(bytes, data) || !ends_at(bytes, size - 2)) return reject(unexpected_command);
  return {.what = What::echo, .reason = unexpected_command, .advance = size, .reply = {}};
}

/// Where a frame with a sound CRC ends, or why it does not.
Finding<NewReply> examine_end(Bytes bytes, std::size_t data_size, bool trailer) {
  using enum ErrorKind;
  const std::size_t tail = new_header_size + data_size + 2;
  if (ends_at(bytes, tail)) return {.what = What::answer, .advance = tail + 2, .reply = {}};
  if (!trailer || bytes[tail] != record_start) return reject(end_marker);
  const std::size_t whole = tail + trailer_size + 2;
  if (bytes.size() < whole) return incomplete(truncated, whole - bytes.size());
  if (u16_le(bytes, tail + 4) != crc_of(bytes.subspan(tail, 4))) return reject(checksum);
  if (!ends_at(bytes, whole - 2)) return reject(end_marker);
  return {.what = What::answer, .advance = whole, .reply = {}};
}

/// Whether a reply can have so much data. `asked`: how much was asked for; empty: any length.
bool length_possible(const LengthRule& rule, std::size_t n, std::optional<std::uint8_t> asked) {
  return n >= rule.min && n <= rule.max && (!asked || *asked == n);
}

/// Whether data of a possible length can be true.
bool content_fits(const NewReply& reply, const LengthRule& rule) {
  const std::size_t n = reply.payload.size();
  if (rule.request == NewFunction::status) return new_status_fits(reply.payload);
  if (rule.trailer) return n % 2 == 0 && (reply.address != device_info_address || n >= device_info_size);
  return true;
}

}  // namespace

std::uint16_t crc_of(Bytes covered) { return modbus_crc(covered); }

NewRequest status_request() { return build(NewFunction::status, 0, 0xBE, {}); }

NewRequest device_info_request() { return settings_request(device_info_address, device_info_size); }

NewRequest identity_request() { return build(NewFunction::identity, 0, identity_size, {}); }

NewRequest settings_request(std::uint16_t address, std::uint8_t size) {
  return build(NewFunction::read_settings, address, size, {});
}

NewRequest write_request(std::uint16_t address, std::uint16_t value) {
  const std::uint8_t data[] = {static_cast<std::uint8_t>(value & 0xFFU), static_cast<std::uint8_t>(value >> 8U)};
  return build(NewFunction::write_setting, address, std::size(data), data);
}

NewRequest password_request(std::uint16_t slot, std::string_view password) {
  const boost::container::static_vector<std::uint8_t, 12> data(password.begin(), password.end());
  return build(NewFunction::password, slot, data.size(), data);
}

NewRequest control_request(std::uint8_t command) { return build(NewFunction::control, command, 0, {}); }

Finding<NewReply> NewExpectation::examine(Bytes bytes) const {
  using enum ErrorKind;
  if (bytes.size() < 2) return incomplete(garbage, shortest - bytes.size());
  if (bytes[1] != start[1]) return reject(garbage);
  if (bytes.size() < 3) return incomplete(truncated, shortest - bytes.size());

  const std::uint8_t found = bytes[2];
  if (const LengthRule* request = rule_for_request(found)) return examine_request(bytes, *request);
  const LengthRule* rule = rule_for_reply(found);
  if (rule == nullptr) return reject(unexpected_command);
  const bool wanted = !function || *function == found;
  const auto reason = [wanted](ErrorKind why) { return wanted ? why : unexpected_command; };

  if (bytes.size() < new_header_size) return incomplete(reason(truncated), shortest - bytes.size());
  const std::size_t data_size = bytes[5];
  const std::size_t whole = data_size + new_frame_overhead;
  const bool asked = wanted && (!function || u16_le(bytes, 3) == address);
  const bool possible = length_possible(*rule, data_size, asked ? payload_size : std::nullopt);
  if (bytes.size() < whole)
    return {.what = possible ? What::incomplete : What::hopeless,
            .reason = reason(truncated),
            .missing = whole - bytes.size(),
            .reply = {}};
  if (!crc_right(bytes, data_size)) return reject(reason(checksum));
  // What cannot be a frame of its function is not skipped as a whole frame either, so that a live port, which does not
  // wait for it, and a recorded stream find the same.
  if (!possible) return reject(asked ? length : unexpected_command);
  Finding<NewReply> finding = examine_end(bytes, data_size, rule->trailer);
  finding.reply = {
      .function = found, .address = u16_le(bytes, 3), .payload = bytes.subspan(new_header_size, data_size)};
  if (finding.what != What::answer) {
    finding.reason = reason(finding.reason);
  } else if (!asked) {
    finding.what = What::stranger;
    finding.reason = unexpected_command;
  } else if (!content_fits(finding.reply, *rule)) {
    return reject(length);
  }
  return finding;
}

std::string NewExpectation::question() const {
  if (!function) return "anything";
  return "an answer with function " + to_hex(Bytes(&*function, 1)) + " and address " + std::to_string(address);
}

std::size_t new_request_size(Bytes bytes) {
  if (bytes.size() < new_header_size || !std::ranges::equal(bytes.first(2), start)) return 0;
  const LengthRule* rule = rule_for_request(bytes[2]);
  if (rule == nullptr) return 0;
  const std::size_t size = new_frame_overhead + (rule->carries ? bytes[5] : 0U);
  return bytes.size() < size ? 0 : size;
}

NewExpectation new_expectation_of(Bytes request) {
  if (new_request_size(request) == 0) return {};
  const auto function = static_cast<NewFunction>(request[2]);
  NewExpectation expected{.function = reply_to(function), .address = u16_le(request, 3), .payload_size = {}};
  if (function == NewFunction::read_settings) expected.payload_size = request[5];
  return expected;
}

}  // namespace bms::ant
