#include "driver/pack_sheet.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

#include "bms/bytes.hpp"
#include "bms/time.hpp"
#include "driver/bank_paths.hpp"
#include "items/value.hpp"

namespace bms::driver {

namespace {

/// What follows in the place of a value.
enum class Kind : std::uint8_t { none, number, text };

/// To be changed with everything that changes what stands where on a sheet, or what it means.
constexpr std::uint32_t form = 1;

/// Another version of the program may have another form, or follow other paths.
std::uint32_t sum_of_paths() {
  boost::crc_32_type sum;
  sum.process_bytes(&form, sizeof form);
  for (const std::string_view path : pack_paths(true)) {
    sum.process_bytes(path.data(), path.size());
    sum.process_byte(0);
  }
  return sum.checksum();
}

std::uint32_t layout() {
  static const std::uint32_t known = sum_of_paths();
  return known;
}

template <class T>
  requires std::is_trivially_copyable_v<T>
void append(std::vector<std::uint8_t>& content, const T& value) {
  const std::size_t end = content.size();
  content.resize(end + sizeof value);
  std::memcpy(content.data() + end, &value, sizeof value);
}

void append_text(std::vector<std::uint8_t>& content, std::string_view text) {
  append(content, static_cast<std::uint16_t>(text.size()));
  content.insert(content.end(), text.begin(), text.end());
}

void append_value(std::vector<std::uint8_t>& content, const items::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    append(content, Kind::text);
    return append_text(content, *text);
  }
  const auto number = items::number_in(value);
  append(content, number ? Kind::number : Kind::none);
  if (number) append(content, *number);
}

/// Takes one thing after the other; everything that is missing at the end is nothing.
class Contents {
 public:
  explicit Contents(Bytes content) : left_(content) {}

  template <class T>
    requires std::is_trivially_copyable_v<T>
  T take() {
    T value{};
    if (const Bytes bytes = take_bytes(sizeof value); !bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

  std::string_view take_text() {
    const Bytes bytes = take_bytes(take<std::uint16_t>());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  [[nodiscard]] bool ended_well() const { return left_.empty() && !short_; }

 private:
  Bytes take_bytes(std::size_t size) {
    short_ |= size > left_.size();
    if (short_) return {};
    const Bytes bytes = left_.first(size);
    left_ = left_.subspan(size);
    return bytes;
  }

  Bytes left_;
  bool short_ = false;
};

/// Empty: it cannot be. Nothing is read in the future.
std::optional<SheetTime> time_from(Contents& contents) {
  const auto since_start_ms = contents.take<std::int64_t>();
  const auto poll_interval_s = contents.take<double>();
  const auto now_ms = Clock::now().time_since_epoch() / std::chrono::milliseconds(1);
  const bool possible = since_start_ms >= 0 && since_start_ms <= now_ms;
  if (!possible || !std::isfinite(poll_interval_s)) return std::nullopt;
  return SheetTime{.read_at = TimePoint(std::chrono::milliseconds(since_start_ms)), .poll_interval_s = poll_interval_s};
}

void take_value(Contents& contents, items::Value& value) {
  switch (contents.take<Kind>()) {
    case Kind::number: value = contents.take<double>(); return;
    case Kind::text: value = std::string(contents.take_text()); return;
    default: value = std::monostate{}; return;
  }
}

}  // namespace

PackSheet::PackSheet(const std::string& directory, std::string_view place, std::string owner)
    : sheet_(directory, place), owner_(std::move(owner)) {}

void PackSheet::write(const items::ItemTree& tree, const SheetTime& time) {
  const auto paths = pack_paths(true);
  if (items_.empty()) {
    items_.reserve(paths.size());
    for (const std::string_view path : paths) items_.push_back(tree.find(path));
  }
  content_.clear();
  append(content_, layout());
  append_text(content_, owner_);
  append(content_, static_cast<std::int64_t>(time.read_at.time_since_epoch() / std::chrono::milliseconds(1)));
  append(content_, time.poll_interval_s);
  for (const auto& item : items_) append_value(content_, item ? tree[*item].value : items::Value{});
  sheet_.write(content_);
}

PackSheetWatch::PackSheetWatch(const std::string& directory, std::string_view place, std::string owner)
    : sheet_(directory, place), owner_(std::move(owner)), values_(pack_paths(true).size()) {}

bool PackSheetWatch::look() {
  Contents contents(sheet_.look());
  if (contents.take<std::uint32_t>() != layout() || contents.take_text() != owner_) return false;
  const auto time = time_from(contents);
  if (!time) return false;
  time_ = *time;
  for (items::Value& value : values_) take_value(contents, value);
  if (contents.ended_well()) return true;
  std::ranges::fill(values_, items::Value{});
  return false;
}

std::optional<double> PackSheetWatch::number(std::size_t path) const {
  const auto number = items::number_in(values_[path]);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::string_view PackSheetWatch::text(std::size_t path) const {
  const auto* text = std::get_if<std::string>(&values_[path]);
  return text ? *text : std::string_view{};
}

}  // namespace bms::driver
