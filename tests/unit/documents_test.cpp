// The tables in docs/ are those of the code. UPDATE_DOCS=1, as in tools/docs, writes them there instead of comparing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "parameter_document.hpp"
#include "registry.hpp"

namespace bms {
namespace {

std::string row(const std::vector<std::string>& fields) {
  std::string line = "|";
  for (const std::string& field : fields) line += " " + field + " |";
  return line + "\n";
}

std::string markdown(const DocumentTable& table) {
  std::string text = row(table.columns) + "|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) text += "---|";
  text += "\n";
  for (const auto& fields : table.rows) text += row(fields);
  return text;
}

class FamilyPage : public testing::TestWithParam<Family> {};

TEST_P(FamilyPage, HoldsTheTablesOfTheCode) {
  const std::string path = std::string(TEST_FRAMES_DIR "/../../docs/").append(GetParam().name) + ".md";
  std::ifstream file(path);
  std::string page{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(page.empty()) << path;
  auto tables = GetParam().document();
  EXPECT_FALSE(tables.empty());
  std::ranges::move(parameter_tables(GetParam()), std::back_inserter(tables));
  for (const DocumentTable& table : tables) {
    for (const auto& fields : table.rows) EXPECT_EQ(fields.size(), table.columns.size()) << table.name;
    const std::string open = "<!-- " + table.name + " -->\n";
    const std::size_t begin = page.find(open);
    const std::size_t end = page.find("<!-- end -->", begin);
    ASSERT_TRUE(begin != std::string::npos && end != std::string::npos) << path << " has no table " << open;
    const std::string wanted = markdown(table);
    if (std::getenv("UPDATE_DOCS") != nullptr) {
      page.replace(begin + open.size(), end - begin - open.size(), wanted);
    } else {
      EXPECT_EQ(page.substr(begin + open.size(), end - begin - open.size()), wanted)
          << "tools/docs writes it to " << path;
    }
  }
  if (std::getenv("UPDATE_DOCS") != nullptr) std::ofstream(path) << page;
}

INSTANTIATE_TEST_SUITE_P(Documents, FamilyPage, testing::ValuesIn(families().begin(), families().end()),
                         [](const auto& page) { return std::string(page.param.name); });

}  // namespace
}  // namespace bms
