#include "cli/control.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "battery/plausibility.hpp"
#include "cli/control_line.hpp"
#include "config/config.hpp"
#include "driver/owner_config.hpp"
#include "driver/pipeline.hpp"
#include "driver/poll_table.hpp"
#include "files/small_file.hpp"

namespace bms::cli {

namespace {

/// A battery on a clock of its own.
class SampleFilter {
 public:
  explicit SampleFilter(const config::Settings& settings)
      : settings_(settings), pipeline_(battery::any_battery, driver::pipeline_config_of(settings)) {}

  void begin(const std::optional<driver::Recalled>& recalled) { recalled_ = recalled; }

  void take(const ControlInput& input) {
    follow_rate(input.dt_s);
    advance(input.dt_s);
    time_s_ += input.dt_s;
    refused_.clear();
    if (!input.lost) {
      if (auto taken = pipeline_.take(input.reading, /*line_noisy=*/false, now_); !taken)
        refused_ = taken.error().message;
      adopt_once();
    } else {
      pipeline_.note_failure(now_);
    }
  }

  /// What follows from the newest frame.
  [[nodiscard]] std::string answer() const { return control_answer(pipeline_.battery(), pipeline_.limits(), refused_); }
  [[nodiscard]] std::string row() const { return row_with(refused_.empty() ? "" : "refused: " + refused_); }
  [[nodiscard]] std::string row_with(const std::string& remark) const {
    return driver::poll_table_row(time_s_, pipeline_.battery(), pipeline_.limits(), remark);
  }

  [[nodiscard]] driver::Remembered remembered() const { return pipeline_.remembered(); }

 private:
  /// Frames may come more slowly than is configured for the BMS, as far as that can be configured; two intervals show
  /// it, a single one is a gap.
  void follow_rate(double dt_s) {
    const double shown_s = std::min({dt_s, last_dt_s_, config::longest_poll_interval_s});
    const double interval_s = std::max(settings_.poll_interval_s, shown_s);
    last_dt_s_ = dt_s;
    if (interval_s == interval_s_) return;
    interval_s_ = interval_s;
    config::Settings settings = settings_;
    settings.poll_interval_s = interval_s;
    pipeline_.configure(driver::pipeline_config_of(settings), now_);
  }

  void advance(double dt_s) {
    constexpr TimePoint end{std::chrono::hours(200 * 365 * 24)};  // the clock itself ends after 292 years
    const std::chrono::duration<double> left = end - now_;
    const std::chrono::duration<double> passed(std::min(dt_s, left.count()));
    const TimePoint then = now_ + std::chrono::duration_cast<Clock::duration>(passed);
    for (auto due = pipeline_.next_change(now_); due && *due <= then; due = pipeline_.next_change(now_)) {
      now_ = std::max(*due, now_);
      pipeline_.time_passes(now_);
    }
    now_ = then;
  }

  void adopt_once() {
    if (adopted_ || pipeline_.battery().contact == Contact::never) return;
    adopted_ = true;
    if (recalled_) pipeline_.adopt({}, driver::pipeline_config_of(settings_), recalled_, now_);
  }

  config::Settings settings_;
  driver::Pipeline pipeline_;
  std::optional<driver::Recalled> recalled_;
  std::string refused_;  ///< why the newest frame was not believed; empty: it was
  TimePoint now_{std::chrono::hours(1)};
  double time_s_ = 0;
  double last_dt_s_ = 0;
  double interval_s_ = 0;
  bool adopted_ = false;
};

}  // namespace

ExitCode control(std::istream& in, std::ostream& out, std::ostream& problems, const ControlOptions& options) {
  const config::Config config =
      options.config_file.empty() ? config::Config() : config::Config::read_file(options.config_file);
  for (const config::Fault& fault : config.faults()) {
    problems << fault.text() << "\n";
  }
  ExitCode result = config.faults().empty() ? ExitCode::stopped : ExitCode::configuration;

  // The file is read, and replaced at the end; whoever names a pipe or a device must not lose it.
  if (const std::string strange = files::strange_at(options.state_file); !strange.empty()) {
    problems << "--state: " << options.state_file << " " << strange << ", expected a file\n";
    return ExitCode::configuration;
  }

  SampleFilter filter(config.settings_for({options.battery}));
  driver::BatteryMemory memory(options.state_file, "");
  filter.begin(memory.recall(std::chrono::system_clock::now()));
  if (!memory.problem().empty()) problems << memory.problem() << "\n";

  if (options.table) out << driver::poll_table_head() << std::endl;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (const auto input = parse_control_line(line)) {
      filter.take(*input);
      out << (options.table ? filter.row() : filter.answer());
    } else {
      const std::string& wrong = input.error().message;
      problems << "line " << number << ": " << wrong << "\n";
      out << (options.table ? filter.row_with("no frame: " + wrong) : nlohmann::json{{"error", wrong}}.dump());
      result = ExitCode::configuration;
    }
    out << std::endl;  // whoever closes a loop waits for each line
  }
  if (!memory.save(filter.remembered(), files::Lasting::yes, std::chrono::system_clock::now())) {
    problems << options.state_file << " cannot be written\n";
    return ExitCode::configuration;
  }
  return result;
}

}  // namespace bms::cli
