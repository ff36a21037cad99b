#include "config/option.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

#include "bms/utf8.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

std::string range_text(double min, double max) { return "from " + number_text(min) + " to " + number_text(max); }

struct Within {
  double min, max;
  std::string_view unit{};
  bool whole = false;
};

std::optional<double> parse_within(std::string_view text, const Within& bounds) {
  const auto value = parse_number(without_unit(text, bounds.unit).value_or(text));
  if (!value || *value < bounds.min || *value > bounds.max) return std::nullopt;
  if (bounds.whole && *value != std::floor(*value)) return std::nullopt;
  return settled(*value);
}

bool means_none(std::string_view text, std::string_view none) {
  return text.empty() || equal_without_case(text, none) || equal_without_case(text, "off");
}

constexpr std::string_view c_unit = "C";
constexpr std::string_view at_most_word = "at most ";

double more_careful(double a, double b, Careful careful) {
  if (careful == Careful::lower) return std::min(a, b);
  return careful == Careful::higher ? std::max(a, b) : a;
}

std::string points_text(const Curve& curve) {
  std::string all;
  for (const Point& point : curve) {
    all += (all.empty() ? "" : ", ") + number_text(point.at) + ":" + number_text(point.value);
  }
  return all;
}

/// A curve that is nowhere above either of two: the lower of them at each of their points. Between two points that is
/// at most the lower of both, as the lower of two straight lines bends upwards nowhere.
Curve lower_of(const Curve& a, const Curve& b) {
  std::vector<double> places;
  for (const Curve* curve : {&a, &b}) {
    for (const Point& point : *curve) places.push_back(point.at);
  }
  std::ranges::sort(places);
  const auto twice = std::ranges::unique(places);
  places.erase(twice.begin(), twice.end());
  std::vector<Point> points;
  points.reserve(places.size());
  for (const double at : places) points.push_back({at, std::min(interpolate(a, at), interpolate(b, at))});
  if (points.size() <= max_points) return {points.begin(), points.end()};
  return {{places.front(), std::ranges::min(points, {}, &Point::value).value}};
}

/// A map that falls would turn charging into discharging; one that is flat at an end would hide any larger current.
bool can_calibrate(const Curve& curve) {
  if (curve.empty()) return true;
  if (curve.size() == 1 || !std::ranges::is_sorted(curve, {}, &Point::value)) return false;
  const std::size_t last = curve.size() - 1;
  return curve[1].value > curve[0].value && curve[last].value > curve[last - 1].value;
}

}  // namespace

// ---- Number ----

bool Number::set(Target target, std::size_t index, std::string_view text, std::string_view unit) const {
  const auto value = parse_within(text, {min, max, unit, whole});
  if (value) place(target, index) = *value;
  return value.has_value();
}

std::string Number::text(Target target, std::size_t index) const { return number_text(place(target, index)); }

std::string Number::expected() const { return (whole ? "a whole number " : "a number ") + range_text(min, max); }

void Number::limit_to(Target other, Target target, std::size_t index, Careful careful) const {
  place(target, index) = more_careful(place(target, index), place(other, index), careful);
}

// ---- OptionalNumber ----

bool OptionalNumber::set(Target target, std::size_t index, std::string_view text, std::string_view unit) const {
  if (means_none(text, none)) {
    place(target, index).reset();
    return true;
  }
  const auto value = parse_within(text, {min, max, unit, whole});
  if (value) place(target, index) = value;
  return value.has_value();
}

std::string OptionalNumber::text(Target target, std::size_t index) const {
  const auto& value = place(target, index);
  return value ? number_text(*value) : std::string(none);
}

std::string OptionalNumber::expected() const {
  return (whole ? "a whole number " : "a number ") + range_text(min, max) + " or \"" + std::string(none) + "\"";
}

// ---- Flag ----

bool Flag::set(Target target, std::size_t index, std::string_view text, std::string_view /*unit*/) const {
  const auto value = parse_flag(text);
  if (value) place(target, index) = *value;
  return value.has_value();
}

/// Of two words one is the safer one, whatever the other section says.
void Flag::limit_to(Target /*other*/, Target target, std::size_t index, Careful careful) const {
  if (careful != Careful::neither) place(target, index) = careful == Careful::higher;
}

std::string Flag::text(Target target, std::size_t index) const { return place(target, index) ? "yes" : "no"; }

// ---- Word ----

bool Word::set(Target target, std::size_t index, std::string_view text, std::string_view /*unit*/) const {
  const auto alias =
      std::ranges::find_if(aliases, [text](const Alias& each) { return equal_without_case(each.called, text); });
  if (alias != aliases.end()) text = alias->word;
  const auto found = std::ranges::find_if(words, [text](auto word) { return equal_without_case(word, text); });
  if (found == words.end()) return false;
  put(target, index, static_cast<std::size_t>(found - words.begin()));
  return true;
}

std::string Word::text(Target target, std::size_t index) const { return std::string(words[get(target, index)]); }

std::string Word::expected() const { return "one of: " + joined({words.begin(), words.end()}); }

void Word::limit_to(Target other, Target target, std::size_t index, Careful careful) const {
  if (careful == Careful::lower) put(target, index, std::min(get(target, index), get(other, index)));
}

// ---- Text ----

bool Text::set(Target target, std::size_t index, std::string_view text, std::string_view /*unit*/) const {
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
  std::string meant(text);
  std::ranges::replace(meant, '\t', ' ');
  if (!is_clean_text(meant) || (fits != nullptr && !meant.empty() && !fits(meant))) return false;
  if (one_of != nullptr && !text.empty()) {
    const auto words = one_of();
    const auto found = std::ranges::find_if(words, [text](auto word) { return equal_without_case(word, text); });
    if (found == words.end()) return false;
    meant = *found;
  }
  place(target, index) = kept != nullptr && !meant.empty() ? kept(meant) : std::move(meant);
  return true;
}

std::string Text::text(Target target, std::size_t index) const {
  const std::string& value = place(target, index);
  return value;
}

std::string Text::expected() const {
  if (one_of == nullptr) {
    return std::string(form) + (example.empty() ? "" : ", as in " + std::string(example));
  }
  const auto words = one_of();
  return "one of: " + joined({words.begin(), words.end()});
}

// ---- Addresses ----

bool Addresses::set(Target target, std::size_t index, std::string_view text, std::string_view /*unit*/) const {
  std::vector<unsigned> numbers;
  for (const std::string_view item : text.empty() ? std::vector<std::string_view>{} : split(text, ',')) {
    const std::size_t dash = item.find('-');
    const Within bounds{static_cast<double>(min), static_cast<double>(max), {}, true};
    const auto first = parse_within(item.substr(0, dash), bounds);
    const auto last = dash == std::string_view::npos ? first : parse_within(item.substr(dash + 1), bounds);
    if (!first || !last || *last < *first) return false;
    for (auto number = static_cast<unsigned>(*first); number <= static_cast<unsigned>(*last); ++number) {
      numbers.push_back(number);
    }
  }
  place(target, index) = std::move(numbers);
  return true;
}

std::string Addresses::text(Target target, std::size_t index) const {
  std::vector<std::string> texts;
  for (const unsigned number : place(target, index)) texts.push_back(std::to_string(number));
  return joined(texts);
}

std::string Addresses::expected() const { return "whole numbers " + range_text(min, max) + ", as in 1, 2, 5-8"; }

// ---- NumberList ----

bool NumberList::set(Target target, std::size_t index, std::string_view text, std::string_view unit) const {
  if (means_none(text, "off")) {
    place(target, index).clear();
    return true;
  }
  std::vector<double> numbers;
  for (const std::string_view item : split(text, ',')) {
    const auto number = parse_within(item, {min, max, unit});
    if (!number) return false;
    numbers.push_back(*number);
  }
  place(target, index) = std::move(numbers);
  return true;
}

std::string NumberList::text(Target target, std::size_t index) const {
  std::vector<std::string> texts;
  for (const double number : place(target, index)) texts.push_back(number_text(number));
  return joined(texts);
}

std::string NumberList::expected() const { return "numbers " + range_text(min, max) + " with commas in between"; }

// ---- Current ----

bool Current::set(Target target, std::size_t index, std::string_view text, std::string_view /*unit*/) const {
  const auto pieces = split(text, ',');
  const bool c_rate = without_unit(pieces[0], c_unit).has_value();
  const auto value = c_rate ? parse_within(pieces[0], {0, max_c, c_unit}) : parse_within(pieces[0], {0, max_a, "A"});
  if (!value || pieces.size() > 2) return false;
  charge::Amperes current{.value = *value, .c_rate = c_rate};
  if (pieces.size() == 2) {
    if (!c_rate || !pieces[1].starts_with(at_most_word)) return false;
    const auto cap = parse_within(pieces[1].substr(at_most_word.size()), {0, max_a, "A"});
    if (!cap) return false;
    current.at_most_a = *cap;
  }
  place(target, index) = current;
  return true;
}

std::string Current::text(Target target, std::size_t index) const {
  const charge::Amperes& current = place(target, index);
  if (!current.c_rate) return number_text(current.value);
  const bool capped = std::isfinite(current.at_most_a);
  return number_text(current.value) + std::string(c_unit) +
         (capped ? ", " + std::string(at_most_word) + number_text(current.at_most_a) : "");
}

std::string Current::expected() const {
  return "a number " + range_text(0, max_a) + " or, as a multiple of the capacity, " + range_text(0, max_c) +
         " followed by C, as in \"0.5C\" or \"0.5C, at most 120\"";
}

void Current::limit_to(Target other, Target target, std::size_t index, Careful careful) const {
  if (careful != Careful::lower) return;
  charge::Amperes& current = place(target, index);
  const charge::Amperes& limit = place(other, index);
  const auto amperes_of = [](const charge::Amperes& any) { return any.c_rate ? any.at_most_a : any.value; };
  const double at_most_a = std::min(amperes_of(current), amperes_of(limit));
  if (!current.c_rate && !limit.c_rate) {
    current.value = at_most_a;
    return;
  }
  // Which of an ampere and a C-rate is less depends on the capacity, which is known later.
  const double rate = !current.c_rate ? limit.value
                      : !limit.c_rate ? current.value
                                      : std::min(current.value, limit.value);
  current = {.value = rate, .c_rate = true, .at_most_a = at_most_a};
}

// ---- CurveOf ----

bool CurveOf::set(Target target, std::size_t index, std::string_view text, std::string_view unit) const {
  Curve curve;
  for (const std::string_view item : means_none(text, none) ? std::vector<std::string_view>{} : split(text, ',')) {
    const std::size_t colon = item.find(':');
    if (colon == std::string_view::npos || curve.size() == max_points) return false;
    const auto at = parse_within(item.substr(0, colon), {min_at, max_at, unit});
    const auto value =
        parse_within(item.substr(colon + 1), {min_value, max_value, calibrates ? unit : std::string_view{}});
    if (!at || !value) return false;
    if (!curve.empty() && *at <= curve.back().at) return false;
    curve.push_back({*at, *value});
  }
  if (calibrates && !can_calibrate(curve)) return false;
  if (!curve.empty() && ends_with && curve.back().value != *ends_with) return false;
  place(target, index) = curve;
  return true;
}

std::string CurveOf::text(Target target, std::size_t index) const {
  const Curve& curve = place(target, index);
  return curve.empty() ? std::string(none) : points_text(curve);
}

std::string CurveOf::expected() const {
  std::string text = "points with rising first numbers " + range_text(min_at, max_at) + " and " + "second numbers " +
                     range_text(min_value, max_value);
  if (calibrates) text += " that never fall and rise at both ends";
  if (ends_with) text += ", the last of which is " + number_text(*ends_with);
  return text + ", as in " + std::string(example) + ", or \"" + std::string(none) + "\"";
}

void CurveOf::limit_to(Target other, Target target, std::size_t index, Careful careful) const {
  Curve& curve = place(target, index);
  const Curve& limit = place(other, index);
  if (careful != Careful::lower || limit.empty()) return;
  curve = curve.empty() ? limit : lower_of(curve, limit);
}

// ---- Option ----

bool Option::set(Target target, std::size_t index, std::string_view value) const {
  return std::visit([&](const auto& any) { return any.set(target, index, trimmed(value), unit); }, kind);
}

std::string Option::text(Target target, std::size_t index) const {
  return std::visit([&](const auto& any) { return any.text(target, index); }, kind);
}

std::string Option::text_with_unit(Target target, std::size_t index) const {
  const std::string value = text(target, index);
  const bool has_unit = !unit.empty() && value.find_first_of("0123456789") == 0 && value.find(':') == std::string::npos;
  const bool c_rate = value.ends_with('C');
  return has_unit && !c_rate ? value + " " + std::string(unit) : value;
}

std::string Option::shown(std::string value) const {
  return secret && !value.empty() ? "(not shown)" : std::move(value);
}

std::string Option::expected() const {
  const std::string what = std::visit([](const auto& any) { return any.expected(); }, kind);
  return unit.empty() ? what : what + " (" + std::string(unit) + ")";
}

std::string Option::expected_instead_of(std::string_view value) const {
  const std::string_view found = behind_number(value);
  const bool letters = !found.empty() && found.find_first_of("0123456789.,:;") == std::string_view::npos;
  const bool multiple = std::holds_alternative<Current>(kind);
  const bool number = multiple || std::holds_alternative<Number>(kind) || std::holds_alternative<OptionalNumber>(kind);
  if (!number || !letters || without_unit(value, unit) || (multiple && without_unit(value, c_unit))) return expected();
  const std::string right = unit.empty() ? "there is no unit here" : "the unit is " + std::string(unit);
  return expected() + "; " + right + ", not " + std::string(found);
}

void Option::copy(Target from, Target to, std::size_t index) const {
  std::visit(
      [&]<class Any>(const Any& any) {
        if constexpr (std::is_same_v<Any, Word>) {
          any.put(to, index, any.get(from, index));
        } else {
          any.place(to, index) = any.place(from, index);
        }
      },
      kind);
}

void Option::limit_to(Target other, Target target, std::size_t index) const {
  std::visit(
      [&]<class Any>(const Any& any) {
        if constexpr (LimitableKind<Any>) any.limit_to(other, target, index, careful);
      },
      kind);
}

std::optional<double> Option::number(Target target, std::size_t index) const {
  if (const auto* any = std::get_if<Number>(&kind)) return any->place(target, index);
  if (const auto* any = std::get_if<OptionalNumber>(&kind)) return any->place(target, index);
  return std::nullopt;
}

void Option::set_number(Target target, double value, std::size_t index) const {
  if (const auto* plain = std::get_if<Number>(&kind)) {
    plain->place(target, index) = value;
  } else {
    std::get<OptionalNumber>(kind).place(target, index) = value;
  }
}

}  // namespace bms::config
