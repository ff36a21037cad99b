// What must hold between parameters does so on boards as they are delivered.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "registry.hpp"
#include "virtual_line.hpp"

namespace bms {
namespace {

/// Runs a dialogue with a simulated board on a sound line, without time.
void run(Dialogue& dialogue, sim::Board& board) {
  while (const std::optional<Request> request = dialogue.request()) {
    const std::vector<std::uint8_t> question(request->bytes.begin(), request->bytes.end());
    bool answered = false;
    board.line_idle();
    for (const std::uint8_t byte : question)
      if (const auto answer = board.receive(byte)) answered = dialogue.receive(answer->bytes).answered;
    if (!answered) dialogue.give_up(dialogue.timed_out());
  }
}

std::vector<std::string> options_of(const Family& family, const Variant& variant) {
  if (family.name == "rec") return {"--address", std::to_string(variant.address)};
  return {"--dialect", variant.dialect.empty() ? "plain" : std::string(variant.dialect)};
}

/// Every number that takes part in a relation, as a simulated board has it when it is new.
std::map<std::string_view, double> factory_values(const Family& family, const Variant& variant) {
  test::SimulatedBoard device(std::string(family.name), options_of(family, variant));
  const auto protocol = family.make({.variant = variant});
  run(protocol->poll(), device.board());
  const ParameterList parameters = family.parameters(variant);
  std::map<std::string_view, double> values;
  for (const Relation& relation : family.relations) {
    for (const std::string_view name : {relation.smaller, relation.greater}) {
      if (find_parameter(parameters, name) == nullptr || values.contains(name)) continue;
      const auto query = protocol->command(ReadParameter{std::string(name)}).value();
      run(*query, device.board());
      const auto result = query->result();
      if (result && std::holds_alternative<double>(*result)) values[name] = std::get<double>(*result);
    }
  }
  return values;
}

TEST(Relations, HoldOnBoardsAsTheyAreDelivered) {
  for (const Family& family : families()) {
    if (family.relations.empty()) continue;
    std::set<std::string_view> dialects;
    std::set<const Relation*> seen;
    for (const Variant& variant : family.variants) {
      if (!dialects.insert(variant.dialect).second) continue;
      const auto values = factory_values(family, variant);
      for (const Relation& relation : family.relations) {
        const auto smaller = values.find(relation.smaller);
        const auto greater = values.find(relation.greater);
        if (smaller == values.end() || greater == values.end()) continue;
        seen.insert(&relation);
        EXPECT_TRUE(relation.may_be_equal ? smaller->second <= greater->second : smaller->second < greater->second)
            << family.name << " " << variant.dialect << ": " << relation.smaller << " " << smaller->second << ", "
            << relation.greater << " " << greater->second;
      }
    }
    for (const Relation& relation : family.relations)
      EXPECT_TRUE(seen.contains(&relation)) << relation.smaller << " and " << relation.greater << " were not compared";
  }
}

TEST(Relations, JoinNumbersOfTheSameUnitInOneVariant) {
  for (const Family& family : families()) {
    for (const Relation& relation : family.relations) {
      bool found = false;
      for (const Variant& variant : family.variants) {
        const ParameterList parameters = family.parameters(variant);
        const Parameter* const smaller = find_parameter(parameters, relation.smaller);
        const Parameter* const greater = find_parameter(parameters, relation.greater);
        if (smaller == nullptr || greater == nullptr) continue;
        found = true;
        EXPECT_TRUE(is_number(smaller->kind) && is_number(greater->kind));
        EXPECT_EQ(smaller->unit, greater->unit) << relation.smaller << " and " << relation.greater;
        EXPECT_EQ(smaller->coarser, greater->coarser);
      }
      EXPECT_TRUE(found) << family.name << ": " << relation.smaller << " and " << relation.greater;
    }
  }
}

/// A row that follows from others the wrong way round could never be kept.
TEST(Relations, HaveNoCircle) {
  for (const Family& family : families()) {
    std::set<std::pair<std::string_view, std::string_view>> below;
    for (const Relation& relation : family.relations)
      EXPECT_TRUE(below.emplace(relation.smaller, relation.greater).second) << relation.smaller;
    for (bool grown = true; grown;) {
      grown = false;
      for (const auto& [low, middle] : std::set(below))
        for (const auto& [same, high] : std::set(below))
          if (middle == same) grown = below.emplace(low, high).second || grown;
    }
    for (const auto& [low, high] : below) EXPECT_NE(low, high) << family.name;
  }
}

TEST(Relations, AreThereForEveryFamilyThatCanBeSet) {
  for (const Family& family : families()) {
    bool any = false;
    for (const Variant& variant : family.variants) any = any || !family.parameters(variant).empty();
    EXPECT_EQ(any, !family.relations.empty()) << family.name;
  }
}

}  // namespace
}  // namespace bms
