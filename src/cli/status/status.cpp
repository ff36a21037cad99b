#include "cli/status/status.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/status/battery_facts.hpp"
#include "cli/status/log_facts.hpp"
#include "cli/status/page.hpp"
#include "cli/status/system_facts.hpp"
#include "config/config.hpp"
#include "config/source.hpp"

namespace bms::cli {

namespace {

using Json = nlohmann::ordered_json;

Json configuration_facts(const std::string& file) {
  const config::Source source = config::source_of(file);
  const config::Config config = source.file.empty() ? config::Config() : config::Config::read_file(source.file);
  Json faults = Json::array();
  for (const config::Fault& fault : config.faults()) faults.push_back(fault.text());
  return {{"source", source.text}, {"faults", std::move(faults)}};
}

}  // namespace

ExitCode print_status(const StatusOptions& options) {
  Json facts{{"versions", versions_here()}, {"ports", ports_here()}, {"processes", processes_here()}};
  facts.update(batteries_on_bus());
  facts["heartbeats"] = heartbeats_in(options.run_directory);
  facts["configuration"] = configuration_facts(options.config_file);
  facts["complaints"] = last_complaints(options.log_directory);
  if (!options.full) leave_out_serial_numbers(facts);
  if (options.json) {
    std::cout << facts.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    std::cout << status_page(facts);
  }
  return ExitCode::stopped;
}

}  // namespace bms::cli
