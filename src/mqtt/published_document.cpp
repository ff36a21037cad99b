#include "mqtt/published_document.hpp"

#include <nlohmann/json.hpp>

#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::mqtt {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* components = "cmps";
constexpr const char* platform = "p";

Json parsed(const std::string& text) {
  Json document = Json::parse(text, nullptr, false);
  const bool sound = document.is_object() && document.contains(components) && document[components].is_object();
  return sound ? document : Json{{components, Json::object()}};
}

}  // namespace

std::string PublishedDocument::farewell(const std::string& document) const {
  const std::string before = files::read_small_file(file_).content.value_or("");
  if (before == document) return {};
  const Json old = parsed(before);
  Json now = parsed(document);
  bool lacks = false;
  for (const auto& [name, component] : old[components].items()) {
    const bool gone = !now[components].contains(name) && component.is_object() && component.contains(platform);
    if (gone) now[components][name] = {{platform, component[platform]}};
    lacks |= gone;
  }
  return lacks ? now.dump(-1, ' ', false, Json::error_handler_t::replace) : "";
}

bool PublishedDocument::keep(const std::string& document) {
  if (file_.empty() || files::read_small_file(file_).content == document) return true;
  return files::write_atomically(file_, document, files::Lasting::yes);
}

std::string document_file(const std::string& directory, const std::string& battery_id) {
  return directory + "/batteries/" + files::file_name_of(battery_id) + ".discovery.json";
}

}  // namespace bms::mqtt
