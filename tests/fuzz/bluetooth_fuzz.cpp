// Fuzzes what comes over the air: advertisements, pieces with what modules put in, recorded sessions. Whatever comes,
// nothing is certain that may be another make, a piece is divided and not changed, and each exchange has one answer.
#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "bluetooth/module_noise.hpp"
#include "bluetooth/nearby.hpp"
#include "bms/hex.hpp"
#include "bms/utf8.hpp"
#include "cli/decode_bluetooth.hpp"
#include "module_login.hpp"
#include "recipe.hpp"
#include "registry.hpp"

namespace {

using namespace fuzz;
using namespace bms;

std::string text(Recipe& recipe) {
  const ByteVector raw = recipe.bytes(recipe.byte() % 40);
  return {raw.begin(), raw.end()};
}

constexpr std::string_view names[] = {"JBD-SP04S034", "DL-0011AABBCCDD", "ANT-BLE16", "JK-B2", "ECOE934", "SBL-1"};
constexpr std::uint16_t services[] = {0xFF00, 0xFFF0, 0xFFE0, 0x180F};
constexpr std::uint16_t companies[] = {0x0102, 0x0302, 0x0B65, 0x585A, 0x004C};

bluetooth::Advertisement advertisement(Recipe& recipe) {
  bluetooth::Advertisement one{.address = recipe.byte() % 2 == 0 ? "A5:C2:37:00:00:01" : text(recipe)};
  one.name = recipe.byte() % 2 == 0 ? std::string(names[recipe.byte() % std::size(names)]) : text(recipe);
  for (unsigned i = recipe.byte() % 3U; i > 0; --i) {
    const std::uint16_t service = services[recipe.byte() % std::size(services)];
    one.service_uuids.push_back(recipe.byte() % 4 == 0 ? text(recipe) : bluetooth::long_uuid(service));
  }
  if (recipe.byte() % 2 == 0)
    one.manufacturer_data[companies[recipe.byte() % std::size(companies)]] = recipe.bytes(recipe.byte() % 20);
  return one;
}

void try_advertisements(Recipe& recipe) {
  bluetooth::Nearby nearby({"A5:C2:37:00:00:01"});
  for (int i = 0; i < 4; ++i) {
    const bluetooth::Advertisement one = advertisement(recipe);
    const bluetooth::Recognition found = bluetooth::recognise(one);
    must((found.certainty == bluetooth::Certainty::none) == found.suspects.empty());
    must(found.look_alike.empty() || found.certainty == bluetooth::Certainty::maybe);
    must(!found.why.empty());
    must(is_clean_text(bluetooth::shown_name(one)));
    if (const auto address = bluetooth::canonical_address(one.address)) {
      must(bluetooth::canonical_address(*address) == address);
      must(!bluetooth::resembles_address(one.address));
    }
    nearby.saw(one);
  }
  must(nearby.boards().size() + nearby.others() <= 4);
}

void try_pieces(Recipe& recipe) {
  bluetooth::ModuleNoise noise;
  std::vector<std::unique_ptr<ModuleLogin>> logins;
  for (const Family& family : families()) {
    if (family.on_air.login != nullptr) logins.push_back(family.on_air.login("A5:C2:37:00:00:01", "123456"));
  }
  std::size_t own = 0;
  for (int i = 0; i < 8; ++i) {
    if (recipe.byte() % 3 == 0) noise.asked();
    const ByteVector piece = recipe.bytes(recipe.byte() % 24);
    const auto sorted = noise.sort(piece);
    must(sorted.module.size() + sorted.board.size() == piece.size());
    must(std::ranges::equal(sorted.module, Bytes(piece).first(sorted.module.size())));
    must(std::ranges::equal(sorted.board, Bytes(piece).subspan(sorted.module.size())));
    own += sorted.module.size();
    for (const auto& login : logins) {
      const bool over = login->state() != ModuleLogin::State::asking;
      const auto before = login->state();
      login->hear(piece);
      must(!over || login->state() == before);
    }
  }
  must(noise.skipped() == own);
}

void try_sessions(Recipe& recipe) {
  std::string session =
      R"({"family": ")" + std::string(families()[recipe.byte() % families().size()].name) + R"(", "exchanges": [)";
  const unsigned exchanges = recipe.byte() % 4U;
  for (unsigned i = 0; i < exchanges; ++i) {
    session += (i > 0 ? ", " : "") + std::string(R"({"request": ")") + to_hex(recipe.bytes(recipe.byte() % 12)) +
               R"(", "notifications": [)";
    for (unsigned piece = recipe.byte() % 4U; piece > 0; --piece)
      session += "\"" + to_hex(recipe.bytes(recipe.byte() % 24)) + (piece > 1 ? "\", " : "\"");
    session += "]}";
  }
  std::istringstream in(session + "]}");
  std::ostringstream out;
  must(cli::decode_bluetooth("", in, out) == ExitCode::stopped);
  must(static_cast<unsigned>(std::ranges::count(out.str(), '\n')) == exchanges);
}

void try_any_text(Bytes data) {
  std::istringstream in(std::string(data.begin(), data.end()));
  std::ostringstream out;
  static_cast<void>(cli::decode_bluetooth("jbd", in, out));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Recipe recipe(Bytes(data, size));
  try_advertisements(recipe);
  try_pieces(recipe);
  try_sessions(recipe);
  try_any_text({data, size});
  return 0;
}
