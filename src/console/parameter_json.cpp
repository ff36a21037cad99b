#include "console/parameter_json.hpp"

#include <nlohmann/json.hpp>

#include "console/numbers.hpp"

namespace bms::console {

nlohmann::ordered_json to_json(const Parameter& parameter) {
  nlohmann::ordered_json json{{"name", parameter.name}, {"unit", parameter.unit}};
  if (parameter.range) {
    json["min"] = json_of(parameter.range->min, &parameter);
    json["max"] = json_of(parameter.range->max, &parameter);
  }
  if (is_number(parameter.kind)) json["step"] = json_of(parameter.resolution, &parameter);
  json["writable"] = parameter.access == Access::read_write;
  json["risk"] = name_of(parameter.risk);
  json["group"] = name_of(parameter.group);
  json["meaning"] = parameter.words;
  return json;
}

}  // namespace bms::console
