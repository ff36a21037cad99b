// The recorded and composed exchanges of tests/frames, which may fill several files for one family.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bms::frame_files {

using Json = nlohmann::ordered_json;

struct File {
  std::string name;  ///< "jbd_up.json"
  Json cases;
};

/// The files whose "protocol" is that of the family, in alphabetical order.
inline std::vector<File> of(std::string_view family) {
  std::vector<File> files;
  for (const auto& entry : std::filesystem::directory_iterator(TEST_FRAMES_DIR)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream stream(entry.path());
    const Json root = Json::parse(stream);
    if (root.value("protocol", "") == family)
      files.push_back({.name = entry.path().filename().string(), .cases = root["cases"]});
  }
  std::ranges::sort(files, {}, &File::name);
  return files;
}

/// All their cases.
inline std::vector<Json> cases_of(std::string_view family) {
  std::vector<Json> cases;
  for (const File& file : of(family)) cases.insert(cases.end(), file.cases.begin(), file.cases.end());
  return cases;
}

}  // namespace bms::frame_files
