// Fuzzes what strangers may write for the console: lines at the socket of a running driver, answers and traces that
// pretend to be of one, and backup files. What is taken is finite and within its bounds, and what was written is read
// as the same.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "console/answer.hpp"
#include "console/backup.hpp"
#include "console/check.hpp"
#include "console/request.hpp"
#include "console/trace_news.hpp"
#include "registry.hpp"

namespace {

using namespace bms;
using namespace bms::console;

void claim(bool holds) {
  if (!holds) std::abort();
}

/// Whatever passes all checks lies within the table.
void look_at(const Set& set) {
  for (const Family& family : families()) {
    for (const Variant& variant : family.variants) {
      const ParameterList parameters = family.parameters(variant);
      const auto outcomes = check_settings(parameters, set.settings);
      claim(outcomes.size() == set.settings.size());
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (!outcomes[i].ok()) continue;
        const Parameter* parameter = find_parameter(parameters, set.settings[i].name);
        claim(parameter != nullptr && parameter->access == Access::read_write && parameter->risk != Risk::never);
        const Range widest{std::min(parameter->range->min, parameter->range->min * parameter->coarser),
                           std::max(parameter->range->max, parameter->range->max * parameter->coarser)};
        claim(widest.contains(set.settings[i].value));
      }
    }
  }
}

void take_request(std::string_view text) {
  const auto request = read_request(text);
  if (!request) return claim(!request.error().message.empty());
  const auto again = read_request(written(*request));
  claim(again && written(*again) == written(*request));
  if (const auto* set = std::get_if<Set>(&request->wish)) {
    for (const Setting& setting : set->settings) claim(std::isfinite(setting.value));
    look_at(*set);
  }
}

void take_answer(std::string_view text) {
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (json.is_discarded()) return;
  const auto answer = answer_from(json);
  if (!answer) return claim(!answer.error().message.empty());
  claim(answer_from(to_json(*answer)).has_value());
}

void take_trace(std::string_view text) {
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (json.is_discarded()) return;
  const auto news = trace_news_from(json);
  if (!news) return claim(!news.error().message.empty());
  if (news->lost > 0) return;
  const KeptTraffic& piece = news->piece;
  claim(!piece.bytes.empty());
  const std::string once = written(Traffic{.at = piece.at, .sent = piece.sent, .bytes = piece.bytes});
  const auto again = trace_news_from(nlohmann::ordered_json::parse(once));
  claim(again && again->piece.bytes == piece.bytes && again->piece.sent == piece.sent);
}

void take_backup(std::string_view text) {
  const auto backup = read_backup(text);
  if (!backup) return claim(!backup.error().message.empty());
  const std::string once = written(*backup, {});
  const auto again = read_backup(once);
  claim(again && written(*again, {}) == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0: take_request(text); break;
    case 1: take_answer(text); break;
    case 2: take_trace(text); break;
    default: take_backup(text); break;
  }
  return 0;
}
