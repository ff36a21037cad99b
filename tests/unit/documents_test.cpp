// The tables in docs/ are those of the code. UPDATE_DOCS=1, as in tools/docs, writes them there instead of comparing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "mqtt/value_rows.hpp"
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

void expect_tables_in(const std::string& name, const std::vector<DocumentTable>& tables) {
  const std::string path = TEST_FRAMES_DIR "/../../docs/" + name;
  std::ifstream file(path);
  std::string page{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(page.empty()) << path;
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

class FamilyPage : public testing::TestWithParam<Family> {};

TEST_P(FamilyPage, HoldsTheTablesOfTheCode) {
  auto tables = GetParam().document();
  EXPECT_FALSE(tables.empty());
  std::ranges::move(parameter_tables(GetParam()), std::back_inserter(tables));
  expect_tables_in(std::string(GetParam().name) + ".md", tables);
}

INSTANTIATE_TEST_SUITE_P(Documents, FamilyPage, testing::ValuesIn(families().begin(), families().end()),
                         [](const auto& page) { return std::string(page.param.name); });

TEST(MqttPage, NamesEveryValueOfTheState) {
  DocumentTable table{.name = "state", .columns = {"Key", "Unit", "Value", "On D-Bus"}, .rows = {}};
  const auto code = [](std::string_view text) { return "`" + std::string(text) + "`"; };
  const auto add = [&](const auto& value, const std::string& on_bus) {
    table.rows.push_back({code(value.key), std::string(value.look.unit), std::string(value.name), on_bus});
    // A browser would take it for a tag.
    std::string& name = table.rows.back().at(2);
    if (const auto tag = name.find("<n>"); tag != std::string::npos) name.replace(tag, 3, "*n*");
  };
  for (const mqtt::ValueRow& value : mqtt::value_rows()) add(value, code(value.path));
  for (const mqtt::OwnRow& value : mqtt::own_rows()) add(value, "");
  expect_tables_in("mqtt.md", {table});
}

}  // namespace
}  // namespace bms
