// Any bytes as one of the files that the programs read at a start: nothing crashes, and what was understood is
// understood again after it was written.
#include <spdlog/spdlog.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "battery/cell_document.hpp"
#include "bridge/switched_off.hpp"
#include "driver/bank_paths.hpp"
#include "driver/battery_memory.hpp"
#include "driver/pack_sheet.hpp"
#include "files/heartbeat.hpp"
#include "files/sheet.hpp"
#include "items/item_tree.hpp"
#include "line/port_memory.hpp"
#include "link/capture.hpp"
#include "recipe.hpp"
#include "scratch.hpp"

namespace {

using namespace fuzz;
using namespace bms;

void check_battery(const Scratch& scratch, Bytes content) {
  const driver::WallTime now{std::chrono::days(20'000)};
  scratch.write("battery.json", content);
  driver::BatteryMemory memory(scratch.path("battery.json"), "");
  const auto found = memory.recall(now);
  must(found.has_value() == memory.problem().empty());
  must(!found || !found->down_s || *found->down_s >= 0);
  must(memory.save(found ? found->what : driver::Remembered{}, files::Lasting::yes, now));
  const auto again = memory.recall(now);
  must(again && again->down_s == 0);
  if (found) {
    must(again->what.battery.charge_ah == found->what.battery.charge_ah);
    must(again->what.charge.state == found->what.charge.state);
  }
}

void check_cells(const Scratch& /*scratch*/, Bytes content) {
  const auto found = battery::read_cell_document({reinterpret_cast<const char*>(content.data()), content.size()});
  if (!found) return;
  const auto again = battery::read_cell_document(battery::written(found->record, found->saved_unix_s));
  must(again.has_value());
  must(again->record == found->record);
}

void check_port(const Scratch& scratch, Bytes content) {
  const line::PortMemory memory(scratch.directory());
  scratch.write("ports/ttyUSB0.json", content);
  const auto found = memory.recall("ttyUSB0");
  if (!found) return;
  must(memory.store("ttyUSB1", *found));
  must(memory.recall("ttyUSB1") == found);
}

void check_switched_off(const Scratch& scratch, Bytes content) {
  scratch.write("bridge.json", content);
  bridge::SwitchedOff first(scratch.directory());
  first.add("HQ2212ABCDE");
  const bridge::SwitchedOff second(scratch.directory());
  must(second.chargers() == first.chargers());
}

void check_heartbeat(const Scratch& scratch, Bytes content) {
  scratch.write("heartbeat/ttyUSB0", content);
  const auto last = files::HeartbeatWatch(scratch.directory(), "ttyUSB0").last();
  must(!last || *last <= files::Heartbeat::Moment::clock::now());
}

/// What a sheet begins with; nothing behind another beginning is looked at.
std::vector<std::uint8_t> beginning_of_sheet(const Scratch& scratch, const std::string& owner) {
  driver::PackSheet(scratch.directory(), "ttyUSB0", owner).write(items::ItemTree(), {});
  files::SheetWatch watch(scratch.directory(), "ttyUSB0");
  const Bytes whole = watch.look();
  const Bytes beginning = whole.first(sizeof(std::uint32_t) + sizeof(std::uint16_t) + owner.size());
  return {beginning.begin(), beginning.end()};
}

void check_sheet(const Scratch& scratch, Bytes content) {
  const std::string owner = ":1.42";
  static const auto beginning = beginning_of_sheet(scratch, owner);
  std::vector<std::uint8_t> all = beginning;
  all.insert(all.end(), content.begin(), content.end());
  files::Sheet(scratch.directory(), "ttyUSB0").write(all);
  driver::PackSheetWatch watch(scratch.directory(), "ttyUSB0", owner);
  if (!watch.look()) return;
  must(watch.time().read_at <= Clock::now());
  for (std::size_t path = 0; path < driver::pack_paths(true).size(); ++path) {
    must(std::isfinite(watch.number(path).value_or(0)));
    must(watch.text(path).size() <= content.size());
  }
}

void check_capture(const Scratch& scratch, Bytes content) {
  std::istringstream in(std::string(content.begin(), content.end()));
  const auto found = link::read_capture(in);
  if (!found) return;
  const std::string path = scratch.path("capture.jsonl");
  {
    auto file = link::CaptureFile::create(path, 1'000'000, [](const std::string&, bool) {});
    for (const link::Exchange& exchange : found->exchanges) file->write(exchange);
  }
  std::ifstream written(path);
  const auto again = link::read_capture(written);
  must(again.has_value());
  must(again->exchanges.size() == found->exchanges.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scratch scratch("files_fuzz");
  spdlog::set_level(spdlog::level::off);
  Recipe recipe({data, size});
  constexpr void (*checks[])(const Scratch&, Bytes) = {check_battery, check_port,  check_switched_off, check_heartbeat,
                                                       check_capture, check_cells, check_sheet};
  const std::uint8_t choice = recipe.byte();
  checks[choice % std::size(checks)](scratch, recipe.bytes(size));
  return 0;
}
