#include "battery/cell_document.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "battery/seconds.hpp"

namespace bms::battery {

namespace {

using Json = nlohmann::ordered_json;

// To be raised when older programs would misunderstand a newer text.
constexpr int format = 1;

constexpr double most_cell_mv = 5000;
constexpr double most_deviation_mv = 5000;
constexpr double most_spread_mv = 5000;
constexpr std::size_t digits_of_cell = 4;
constexpr std::size_t digits_of_pack = 18;

/// Thrown by the readers and caught in read_cell_document().
struct Wrong {
  std::string message;
};

// Hexadecimal digits, as many as it takes: a trend as numbers in JSON would be five times as large in memory.

template <class T>
void write_digits(std::string& to, T value, int digits) {
  constexpr std::string_view all = "0123456789abcdef";
  const auto bits = static_cast<std::uint16_t>(value);
  for (int i = digits - 1; i >= 0; --i) to += all[(bits >> (4U * static_cast<unsigned>(i))) & 0xFU];
}

std::uint16_t take_digits(std::string_view& from, std::size_t digits) {
  const std::string_view part = from.substr(0, digits);
  std::uint16_t value = 0;
  const auto [end, failed] = std::from_chars(part.begin(), part.end(), value, 16);
  if (failed != std::errc{} || end != part.end()) throw Wrong{"a trend holds what is no number"};
  from.remove_prefix(digits);
  return value;
}

std::string digits_of_cells(const CellTrend& trend) {
  std::string digits;
  digits.reserve(trend.cells_mv.size() * trend.cells_mv.width() * digits_of_cell);
  for (std::size_t row = 0; row < trend.cells_mv.size(); ++row)
    for (const std::uint16_t cell_mv : trend.cells_mv[row]) write_digits(digits, cell_mv, 4);
  return digits;
}

std::string digits_of_points(const CellTrend& trend) {
  std::string digits;
  digits.reserve(trend.pack.size() * digits_of_pack);
  for (std::size_t row = 0; row < trend.pack.size(); ++row) {
    const PackPoint& point = trend.pack[row].front();
    write_digits(digits, point.lowest_mv, 4);
    write_digits(digits, point.highest_mv, 4);
    write_digits(digits, point.lowest_cell, 2);
    write_digits(digits, point.highest_cell, 2);
    write_digits(digits, point.current_100ma, 4);
    write_digits(digits, point.soc_half_pct, 2);
  }
  return digits;
}

// Writing.

Json numbers_of(const PerCell& values, std::size_t cells) {
  Json array = Json::array();
  for (std::size_t i = 0; i < cells; ++i) array.push_back(static_cast<double>(values[i]));
  return array;
}

Json json_of(const ClassMeans::State& state, std::size_t cells) {
  return {{"occurrences", state.done},
          {"mean_mv", numbers_of(state.mean_mv, cells)},
          {"present",
           {{"in_class_s", static_cast<double>(state.in_class_s)},
            {"span_s", static_cast<double>(state.span_s)},
            {"absent_s", static_cast<double>(state.absent_s)},
            {"mean_mv", numbers_of(state.present_mv, cells)}}}};
}

Json json_of(const CellExtremes& extremes) {
  return {{"lowest_mv", extremes.lowest_mv},
          {"lowest_unix_s", extremes.lowest_unix_s},
          {"highest_mv", extremes.highest_mv},
          {"highest_unix_s", extremes.highest_unix_s}};
}

Json json_of(const CellAlert& alert) {
  return {{"kind", name_of(alert.kind)},
          {"level", name_of(alert.level)},
          {"cell", alert.cell},
          {"peak_mv", alert.peak_mv},
          {"begun_unix_s", alert.begun_unix_s},
          {"peak_unix_s", alert.peak_unix_s},
          {"ended_unix_s", alert.ended_unix_s},
          {"lasts", alert.lasts},
          {"acknowledged", alert.acknowledged}};
}

// Reading.

const Json& member(const Json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  if (!object.is_object() || found == object.end()) throw Wrong{std::string("there is no ") + name};
  return *found;
}

double number_in(const Json& object, const char* name, double min, double max) {
  const Json& entry = member(object, name);
  const double number = entry.is_number() ? entry.get<double>() : NAN;
  if (!(number >= min && number <= max)) throw Wrong{std::string(name) + " is not a number that it can be"};
  return number;
}

template <class T>
T whole_in(const Json& object, const char* name, double min, double max) {
  const double number = number_in(object, name, min, max);
  if (number != std::floor(number)) throw Wrong{std::string(name) + " is not a whole number"};
  return static_cast<T>(number);
}

bool flag_in(const Json& object, const char* name) {
  const Json& entry = member(object, name);
  if (!entry.is_boolean()) throw Wrong{std::string(name) + " is neither true nor false"};
  return entry.get<bool>();
}

const std::string& text_in(const Json& object, const char* name) {
  const Json& entry = member(object, name);
  if (!entry.is_string()) throw Wrong{std::string(name) + " is not a text"};
  return entry.get_ref<const std::string&>();
}

const Json& array_in(const Json& object, const char* name, std::size_t least, std::size_t most) {
  const Json& entry = member(object, name);
  if (!entry.is_array() || entry.size() < least || entry.size() > most)
    throw Wrong{std::string(name) + " has too few or too many entries"};
  return entry;
}

template <class Enum>
Enum named_in(const Json& object, const char* name, std::size_t count) {
  const std::string& text = text_in(object, name);
  for (std::size_t i = 0; i < count; ++i)
    if (text == name_of(static_cast<Enum>(i))) return static_cast<Enum>(i);
  throw Wrong{std::string(name) + " is not a word that is known here"};
}

PerCell per_cell_in(const Json& object, const char* name, std::size_t cells) {
  PerCell values{};
  const Json& array = array_in(object, name, cells, cells);
  for (std::size_t i = 0; i < cells; ++i) {
    const double number = array[i].is_number() ? array[i].get<double>() : NAN;
    if (!(std::abs(number) <= most_deviation_mv)) throw Wrong{std::string(name) + " holds what no cell can have"};
    values[i] = static_cast<float>(number);
  }
  return values;
}

void read_present(const Json& array, CellRecord& record) {
  for (std::size_t i = 0; i < record.cells; ++i) {
    const double number = array[i].is_number_unsigned() ? array[i].get<double>() : NAN;
    if (!(number <= most_cell_mv)) throw Wrong{"present_mv holds what no cell can have"};
    record.present_mv[i] = static_cast<std::uint16_t>(number);
  }
}

ClassMeans class_in(const Json& object, std::size_t cells) {
  const Json& present = member(object, "present");
  const auto seconds = [&](const char* name) {
    return static_cast<float>(number_in(present, name, 0, 2.0 * static_cast<double>(ClassMeans::longest_s)));
  };
  return ClassMeans({.done = whole_in<std::uint32_t>(object, "occurrences", 0, ClassMeans::most),
                     .mean_mv = per_cell_in(object, "mean_mv", cells),
                     .in_class_s = seconds("in_class_s"),
                     .span_s = seconds("span_s"),
                     .absent_s = seconds("absent_s"),
                     .present_mv = per_cell_in(present, "mean_mv", cells)});
}

CellExtremes extremes_in(const Json& object) {
  const CellExtremes extremes{.lowest_mv = whole_in<std::uint16_t>(object, "lowest_mv", 0, most_cell_mv),
                              .highest_mv = whole_in<std::uint16_t>(object, "highest_mv", 0, most_cell_mv),
                              .lowest_unix_s = number_in(object, "lowest_unix_s", 0, latest_unix_s),
                              .highest_unix_s = number_in(object, "highest_unix_s", 0, latest_unix_s)};
  if (extremes.lowest_mv > extremes.highest_mv) throw Wrong{"the lowest of a cell is above its highest"};
  return extremes;
}

CellAlert alert_in(const Json& object, std::size_t cells) {
  return {.kind = named_in<CellAlertKind>(object, "kind", cell_alert_kinds),
          .level = named_in<CellAlertLevel>(object, "level", cell_alert_levels),
          .cell = whole_in<std::uint8_t>(object, "cell", 0, static_cast<double>(cells)),
          .peak_mv = whole_in<std::uint16_t>(object, "peak_mv", 0, most_spread_mv),
          .begun_unix_s = number_in(object, "begun_unix_s", 0, latest_unix_s),
          .peak_unix_s = number_in(object, "peak_unix_s", 0, latest_unix_s),
          .ended_unix_s = number_in(object, "ended_unix_s", 0, latest_unix_s),
          .lasts = flag_in(object, "lasts"),
          .acknowledged = flag_in(object, "acknowledged")};
}

void read_cell_rows(std::string_view digits, CellTrend& trend) {
  const std::size_t width = trend.cells_mv.width();
  if (digits.size() % (width * digits_of_cell) != 0 || digits.size() > CellTrend::cell_rows * width * digits_of_cell)
    throw Wrong{"the trend of the cells is not as long as it can be"};
  std::array<std::uint16_t, max_cells> row{};
  while (!digits.empty()) {
    for (std::size_t i = 0; i < width; ++i) {
      row[i] = take_digits(digits, digits_of_cell);
      if (row[i] > most_cell_mv) throw Wrong{"the trend of the cells holds what no cell can have"};
    }
    trend.cells_mv.push(std::span(row).first(width));
  }
}

PackPoint take_point(std::string_view& digits, std::size_t cells) {
  PackPoint point;
  point.lowest_mv = take_digits(digits, 4);
  point.highest_mv = take_digits(digits, 4);
  point.lowest_cell = static_cast<std::uint8_t>(take_digits(digits, 2));
  point.highest_cell = static_cast<std::uint8_t>(take_digits(digits, 2));
  point.current_100ma = static_cast<std::int16_t>(take_digits(digits, 4));
  point.soc_half_pct = static_cast<std::uint8_t>(take_digits(digits, 2));
  const bool nothing = point == PackPoint{};
  const bool numbered =
      point.lowest_cell >= 1 && point.lowest_cell <= cells && point.highest_cell >= 1 && point.highest_cell <= cells;
  const bool ordered = point.lowest_mv > 0 && point.lowest_mv <= point.highest_mv && point.highest_mv <= most_cell_mv;
  const bool charged = point.soc_half_pct <= 200 || point.soc_half_pct == PackPoint::no_soc;
  if (!nothing && !(numbered && ordered && charged)) throw Wrong{"the trend of the pack holds what no pack can have"};
  return point;
}

void read_points(std::string_view digits, CellTrend& trend, std::size_t cells) {
  if (digits.size() % digits_of_pack != 0 || digits.size() > CellTrend::pack_rows * digits_of_pack)
    throw Wrong{"the trend of the pack is not as long as it can be"};
  while (!digits.empty()) {
    const PackPoint point = take_point(digits, cells);
    trend.pack.push({&point, 1});
  }
}

CellTrend trend_in(const Json& object, std::size_t cells) {
  CellTrend trend(cells);
  read_cell_rows(text_in(object, "cells_mv"), trend);
  read_points(text_in(object, "pack"), trend, cells);
  trend.cells_until_unix_s = number_in(object, "cells_until_unix_s", 0, latest_unix_s);
  trend.pack_until_unix_s = number_in(object, "pack_until_unix_s", 0, latest_unix_s);
  return trend;
}

CellRecord record_in(const Json& document) {
  CellRecord record{.cells = whole_in<std::size_t>(document, "cells", 1, max_cells)};
  read_present(array_in(document, "present_mv", record.cells, record.cells), record);
  const Json& classes = member(document, "classes");
  for (std::size_t i = 0; i < cell_class_count; ++i) {
    const std::string name(name_of(static_cast<CellClass>(i)));
    record.classes[i] = class_in(member(classes, name.c_str()), record.cells);
  }
  const Json& extremes = array_in(document, "extremes", record.cells, record.cells);
  std::ranges::transform(extremes, record.extremes.begin(), extremes_in);
  record.trend = trend_in(member(document, "trend"), record.cells);
  CellAlerts::List alerts;
  for (const Json& alert : array_in(document, "alerts", 0, CellAlerts::most))
    alerts.push_back(alert_in(alert, record.cells));
  record.alerts = CellAlerts(alerts);
  return record;
}

CellDocument document_in(const Json& document) {
  const Json& saved = member(document, "saved_unix_s");
  return {.record = record_in(document),
          .saved_unix_s =
              saved.is_null() ? std::nullopt : std::optional(number_in(document, "saved_unix_s", 0, latest_unix_s)),
          .place = document.contains("place") ? text_in(document, "place") : std::string()};
}

}  // namespace

std::string written(const CellRecord& record, std::optional<double> saved_unix_s, std::string_view place) {
  Json document{{"format", format}, {"saved_unix_s", nullptr}, {"cells", record.cells}};
  if (!place.empty()) document["place"] = place;
  if (saved_unix_s) document["saved_unix_s"] = std::clamp(*saved_unix_s, 0.0, latest_unix_s);
  document["present_mv"] = Json::array();
  document["extremes"] = Json::array();
  for (std::size_t i = 0; i < record.cells; ++i) {
    document["present_mv"].push_back(record.present_mv[i]);
    document["extremes"].push_back(json_of(record.extremes[i]));
  }
  for (std::size_t i = 0; i < cell_class_count; ++i)
    document["classes"][std::string(name_of(static_cast<CellClass>(i)))] =
        json_of(record.classes[i].state(), record.cells);
  document["trend"] = {{"cells_until_unix_s", record.trend.cells_until_unix_s},
                       {"cells_mv", digits_of_cells(record.trend)},
                       {"pack_until_unix_s", record.trend.pack_until_unix_s},
                       {"pack", digits_of_points(record.trend)}};
  document["alerts"] = Json::array();
  for (const CellAlert& alert : record.alerts.list()) document["alerts"].push_back(json_of(alert));
  return document.dump(1) + "\n";
}

Result<CellDocument> read_cell_document(std::string_view text) {
  if (text.size() > longest_cell_document) return failure(ErrorKind::rejected, "is larger than any file of cells");
  const Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  try {
    if (whole_in<double>(document, "format", 0, 1e6) > format)
      return failure(ErrorKind::unsupported, "was written by a later version of dbus-bms");
    if (member(document, "format") != format)
      return failure(ErrorKind::rejected, "has a format that this version does not know");
    return document_in(document);
  } catch (const Wrong& wrong) {
    return failure(ErrorKind::rejected, wrong.message);
  }
}

}  // namespace bms::battery
