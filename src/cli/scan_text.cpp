#include "cli/scan_text.hpp"

#include <nlohmann/json.hpp>

#include "bluetooth/signal.hpp"
#include "bms/words.hpp"
#include "family.hpp"

namespace bms::cli {

namespace {

using bluetooth::Advertisement;
using bluetooth::Certainty;
using bluetooth::Sighting;

constexpr std::size_t what_column = 21;
constexpr std::size_t signal_column = 43;
constexpr std::size_t name_column = 61;

std::string signal_of(const Advertisement& one) {
  if (one.connected) return "connected";
  if (!one.rssi_dbm) return "not heard now";
  return std::string(bluetooth::signal_word(*one.rssi_dbm)) + ", " + std::to_string(*one.rssi_dbm) + " dBm";
}

Style style_of(const Sighting& one) {
  if (one.recognition.certainty == Certainty::certain) return Style::good;
  return one.recognition.look_alike.empty() && one.recognition.certainty == Certainty::maybe ? Style::warning
                                                                                             : Style::faint;
}

Style style_of_signal(const Advertisement& one) {
  const bool weak = one.rssi_dbm && bluetooth::signal_word(*one.rssi_dbm) == bluetooth::weak_signal;
  return weak && !one.connected ? Style::bad : Style::plain;
}

Line row(const Sighting& one, bool utf8) {
  const Advertisement& seen = one.advertisement;
  Line line;
  line.add("  " + seen.address, Style::strong).pad_to(what_column);
  line.add(what_it_is(one.recognition), style_of(one)).add(" ").pad_to(signal_column);
  line.add(signal_of(seen), style_of_signal(seen)).add(" ").pad_to(name_column);
  return line.add(clean(bluetooth::shown_name(seen), utf8));
}

std::string because(const Sighting& one) {
  return "    " + one.recognition.why + (one.configured ? "; it is configured" : "");
}

std::string name_for_comment(const Sighting& one) {
  const std::string name = clean(bluetooth::shown_name(one.advertisement), true);
  return name.empty() ? "without a name" : "\"" + name + "\"";
}

/// Several families may be behind one service; then the board itself has to say.
const Family* one_family(const bluetooth::Recognition& recognition) {
  return recognition.certainty == Certainty::certain ? recognition.suspects.front() : nullptr;
}

nlohmann::ordered_json json_of(const Sighting& one) {
  const auto& [seen, recognition, configured] = one;
  nlohmann::ordered_json suspects = nlohmann::ordered_json::array();
  for (const Family* family : recognition.suspects) suspects.push_back(family->name);
  nlohmann::ordered_json json{{"address", seen.address},
                              {"name", bluetooth::shown_name(seen)},
                              {"certainty", bluetooth::name_of(recognition.certainty)},
                              {"families", std::move(suspects)}};
  json["look_alike"] = recognition.look_alike.empty() ? nlohmann::ordered_json() : recognition.look_alike;
  json["why"] = recognition.why;
  json["rssi_dbm"] = seen.rssi_dbm ? nlohmann::ordered_json(*seen.rssi_dbm) : nlohmann::ordered_json();
  json["signal"] =
      seen.rssi_dbm ? nlohmann::ordered_json(bluetooth::signal_word(*seen.rssi_dbm)) : nlohmann::ordered_json();
  json["connected"] = seen.connected;
  json["configured"] = configured;
  return json;
}

}  // namespace

std::string what_it_is(const bluetooth::Recognition& recognition) {
  if (!recognition.look_alike.empty()) return "rather " + std::string(recognition.look_alike);
  if (recognition.suspects.empty()) return "unknown";
  if (const Family* const family = one_family(recognition)) return std::string(family->title);
  std::string titles;
  for (const Family* family : recognition.suspects)
    titles += (titles.empty() ? "" : " or ") + std::string(family->title);
  return titles + "?";
}

std::vector<Line> scan_table(const bluetooth::Nearby& nearby, const std::string& problem, bool utf8) {
  std::vector<Line> lines;
  if (!problem.empty()) lines.push_back(Line{}.add(clean(problem, utf8), Style::bad));
  for (const Sighting& one : nearby.boards()) {
    lines.push_back(row(one, utf8));
    lines.push_back(Line{}.add(because(one), Style::faint));
  }
  for (const std::string& address : nearby.missing()) {
    lines.push_back(Line{}.add("  " + address, Style::strong).pad_to(what_column).add("not seen", Style::warning));
    lines.push_back(
        Line{}.add("    it is configured; out of reach, or connected to a phone or another device: then it is silent",
                   Style::faint));
  }
  if (lines.empty() || (lines.size() == 1 && !problem.empty()))
    lines.push_back(Line{}.add("  no battery seen; one that is connected to a phone or another device is silent"));
  if (const std::size_t others = nearby.others(); others > 0)
    lines.push_back(
        Line{}.add("  and " + counted(others, "device") + " that no battery of ours looks like", Style::faint));
  return lines;
}

std::vector<std::string> config_lines(const bluetooth::Nearby& nearby) {
  std::vector<std::string> lines;
  for (const Sighting& one : nearby.boards()) {
    if (one.configured || !one.recognition.look_alike.empty()) continue;
    const Family* const family = one_family(one.recognition);
    const std::string section = "[battery " + one.advertisement.address + "]";
    lines.emplace_back();
    lines.push_back("# " + name_for_comment(one) + ": " + one.recognition.why);
    if (family != nullptr) {
      lines.push_back(section);
      lines.push_back("bms = " + std::string(family->name));
    } else {
      lines.push_back("#" + section + "    # without the # in front it is connected, and asked what it is");
    }
  }
  return lines;
}

nlohmann::ordered_json scan_json(const bluetooth::Nearby& nearby, const std::string& problem) {
  nlohmann::ordered_json json{{"problem", problem}, {"boards", nlohmann::ordered_json::array()}};
  for (const Sighting& one : nearby.boards()) json["boards"].push_back(json_of(one));
  json["not_seen"] = nearby.missing();
  json["other_devices"] = nearby.others();
  return json;
}

}  // namespace bms::cli
